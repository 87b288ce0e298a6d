#ifndef SIM_WS_H
#define SIM_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "slice.h"

/*
 * The WebSocket of a client, by wslay: frames in c->out, messages to
 * irc_receive. The only file that includes wslay.h.
 */
struct client;

enum { WS_MESSAGE_MAX = 64 * 1024 }; /* from a client; else it is closed */

void ws_open(struct client *c);
void ws_free(struct client *c);

/* Bytes came from the socket. False when no more are wanted: close. */
bool ws_receive(struct client *c, struct slice bytes);

/* Put a text frame, or a close frame, into c->out. */
void ws_text(struct client *c, struct slice payload);
void ws_close(struct client *c, uint16_t status);

#endif
