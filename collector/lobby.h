#ifndef COLLECTOR_LOBBY_H
#define COLLECTOR_LOBBY_H

#include "reconcile.h"

/*
 * The reconciler's inside: where seats wait for a connection of their side. A
 * channel that an account is in waits for that account's connections alone:
 * Twitch counts an account's channels, on however many of its connections,
 * and a second place there costs nothing.
 */
void lobby_enter(struct reconcile *r, struct seat *seat);
void lobby_leave(struct reconcile *r, struct seat *seat);

/* An account has come into the channel, or has left it: wait accordingly. */
void lobby_move(struct reconcile *r, struct channel *ch);

/* The first that this client may take now, or NULL. */
struct seat *lobby_first(const struct reconcile *r,
    const struct client *client);

/* Have the client stand in line for what it could take. */
void lobby_wake(struct reconcile *r, struct client *client);

#endif
