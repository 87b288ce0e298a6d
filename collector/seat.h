#ifndef COLLECTOR_SEAT_H
#define COLLECTOR_SEAT_H

#include "reconcile.h"

/*
 * The reconciler's inside: how a channel's place on a connection goes from
 * one state to the next.
 */

/* What a timer belongs to: its kind. */
enum { TIMER_SEAT, TIMER_CLIENT, TIMER_IDENTITY };

/* A new one for the channel; the caller says what it does. */
struct seat *seat_new(struct channel *ch, unsigned side);

/*
 * It is not needed any more, and holds nothing: free it. So is the channel
 * when it was the last.
 */
void seat_free(struct reconcile *r, struct seat *seat, int64_t now);

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

/* Leave it: the PART is to be sent. */
void seat_leave(struct reconcile *r, struct seat *seat, int64_t now);

/*
 * We are out of the channel there; seat_release comes next. If that was not
 * asked for and no other connection is in, a hole begins. The connection was
 * last heard at `heard` and missed nothing until `alive`.
 */
void seat_lose(struct reconcile *r, struct seat *seat, int64_t heard,
    int64_t alive, const char *reason);

/* The same after a PART; `parted` is told if no other connection is in. */
void seat_parted(struct reconcile *r, struct seat *seat, const char *reason,
    int64_t now);

/* It is this client's. The caller says for what. */
void seat_hold(struct reconcile *r, struct seat *seat, struct client *client);

/* It holds its client no more; the caller says what it does instead. */
void seat_release(struct reconcile *r, struct seat *seat);

/* It holds nothing now: line up again if it is needed, or go. */
void seat_vacate(struct reconcile *r, struct seat *seat, int64_t now);

/* True if the channel needs it: it is wanted, and no other takes its place. */
bool seat_needed(const struct seat *seat);

/* True if the server has let us into the channel on some connection. */
bool seat_any_in(const struct channel *ch);

/* Its timer has run out. */
void seat_due(struct reconcile *r, struct seat *seat, int64_t now);

#endif
