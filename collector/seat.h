#ifndef COLLECTOR_SEAT_H
#define COLLECTOR_SEAT_H

#include "reconcile.h"

/*
 * The reconciler's inside: how a channel's place on a connection goes from
 * one state to the next.
 */

void seat_set(struct reconcile *r, struct seat *seat, enum seat_state state,
    int64_t now);

/* Line up for a connection with room; or after a while. */
void seat_wait(struct reconcile *r, struct seat *seat, int64_t now);
void seat_retry(struct reconcile *r, struct seat *seat, int64_t now);

/* It is not let in, as channel->reason says; tried again much later. */
void seat_refuse(struct reconcile *r, struct seat *seat, const char *reason,
    int64_t now);

/* It has joined. */
void seat_confirm(struct reconcile *r, struct seat *seat, int64_t now);

/*
 * It is about to hold its client no more against our will: if it had joined,
 * a hole begins at `from`.
 */
void seat_lose(struct seat *seat, int64_t from, const char *reason);

/* It holds its client no more; the caller says what it does instead. */
void seat_release(struct reconcile *r, struct seat *seat);

/* It holds nothing now: line up again if the channel is wanted, or go. */
void seat_vacate(struct reconcile *r, struct seat *seat, int64_t now);

/* The channel is neither wanted nor held: free it. */
void seat_forget(struct reconcile *r, struct channel *ch);

/* Its timer has run out. */
void seat_due(struct reconcile *r, struct seat *seat, int64_t now);

/* How many channels this client could take. */
unsigned seat_room(const struct reconcile *r, const struct client *client);

/* Let the client ask for channels, if it can take any. */
void seat_wake(struct reconcile *r, struct client *client);

#endif
