#ifndef SIM_IRC_H
#define SIM_IRC_H

#include <stdint.h>

#include "slice.h"

/* What Twitch's chat server says to its clients. */

struct client;

/* The WebSocket is open. */
void irc_begin(struct client *c);

/* A message came: one line, or several with CR LF between them. */
void irc_receive(struct client *c, struct slice message);

/* PING when it is time, and end a client that did not answer the last. */
void irc_tick(struct client *c, int64_t now);
void irc_ping(struct client *c);

/* RECONNECT, and close after --reconnect-close. */
void irc_reconnect(struct client *c);

/* From now on nothing reaches the client. */
void irc_deafen(struct client *c);

/* The client dies: take it out of its rooms. */
void irc_gone(struct client *c);

#endif
