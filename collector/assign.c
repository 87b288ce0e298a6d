#include "assign.h"

#include "lobby.h"
#include "seat.h"

/* The next seat for this client, if it may take one: its JOIN is sent now. */
static struct seat *
take_seat(struct reconcile *r, struct client *client, int64_t now)
{
	struct seat *seat = lobby_first(r, client);

	if (seat == NULL)
		return NULL;
	if (seat->state == SEAT_DUE) {
		TAILQ_REMOVE(&client->due, seat, queue);
		seat_set(r, seat, SEAT_JOINING, now);
	} else {
		lobby_leave(r, seat);
		seat_set(r, seat, SEAT_JOINING, now);
		seat_hold(r, seat, client);
	}
	seat->named = false;
	timers_set(&r->timers, &seat->timer, now + RECONCILE_ANSWER);
	return seat;
}

/* It is the client's turn: a line's worth of joins, as the limit allows. */
static void
serve(struct reconcile *r, struct client *client, int64_t now)
{
	struct pacer *pacer = &client->identity->joins;
	unsigned n = 0, most = pacer_allowance(pacer, now, RECONCILE_BATCH);
	struct channel *batch[RECONCILE_BATCH];
	struct seat *seat;

	TAILQ_REMOVE(client->line, client, line_link);
	client->line = NULL;
	while (n < most && (seat = take_seat(r, client, now)) != NULL)
		batch[n++] = seat->channel;
	if (n > 0) {
		r->counts.tried += n;
		pacer_charge(pacer, now, n);
		r->hooks->join(r->arg, client, batch, n);
	} else if (most == 0) {
		timers_set(&r->timers, &client->timer, pacer_next(pacer, now));
	}
	lobby_wake(r, client);
}

/* A client for whom there is a channel, or NULL. */
static struct client *
next_client(const struct reconcile *r)
{
	if (!TAILQ_EMPTY(&r->eager))
		return TAILQ_FIRST(&r->eager);
	for (unsigned side = 0; side < r->sides; side++)
		if (!TAILQ_EMPTY(&r->waiting[side]) &&
		    !TAILQ_EMPTY(&r->hungry[side]))
			return TAILQ_FIRST(&r->hungry[side]);
	return NULL;
}

void
assign_joins(struct reconcile *r, int64_t now)
{
	struct client *client;

	while ((client = next_client(r)) != NULL)
		serve(r, client, now);
}

static void
send_parts(struct reconcile *r, struct client *client, int64_t now)
{
	struct channel *batch[RECONCILE_BATCH];
	unsigned n = 0;

	while (n < RECONCILE_BATCH && !TAILQ_EMPTY(&client->leaving)) {
		struct seat *seat = TAILQ_FIRST(&client->leaving);

		TAILQ_REMOVE(&client->leaving, seat, queue);
		seat_set(r, seat, SEAT_PARTING, now);
		timers_set(&r->timers, &seat->timer, now + RECONCILE_ANSWER);
		batch[n++] = seat->channel;
	}
	if (n > 0)
		r->hooks->part(r->arg, client, batch, n);
}

void
assign_parts(struct reconcile *r, int64_t now)
{
	struct client *client, *next;

	for (client = TAILQ_FIRST(&r->parts); client != NULL; client = next) {
		next = TAILQ_NEXT(client, parts_link);
		while (!client->busy && !TAILQ_EMPTY(&client->leaving))
			send_parts(r, client, now);
		if (!TAILQ_EMPTY(&client->leaving))
			continue;
		TAILQ_REMOVE(&r->parts, client, parts_link);
		client->parts = false;
	}
}
