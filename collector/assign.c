#include "assign.h"

#include "seat.h"

static void
send_joins(struct reconcile *r, struct client *client, unsigned n, int64_t now)
{
	struct channel *batch[RECONCILE_BATCH];

	for (unsigned i = 0; i < n; i++) {
		struct seat *seat = TAILQ_FIRST(&r->waiting);

		TAILQ_REMOVE(&r->waiting, seat, queue);
		TAILQ_INSERT_TAIL(&client->seats, seat, held);
		seat->client = client;
		seat->named = false;
		seat_set(r, seat, SEAT_JOINING, now);
		timers_set(&r->timers, &seat->timer, now + RECONCILE_ANSWER);
		batch[i] = seat->channel;
	}
	client->count += n;
	client->identity->rooms += n;
	r->counts.tried += n;
	pacer_charge(&client->identity->joins, now, n);
	r->hooks->join(r->arg, client, batch, n);
}

void
assign_joins(struct reconcile *r, int64_t now)
{
	struct client *client;
	struct seat *seat;

	while (!TAILQ_EMPTY(&r->waiting) &&
	    (client = TAILQ_FIRST(&r->hungry)) != NULL) {
		struct pacer *pacer = &client->identity->joins;
		unsigned n = 0, most = seat_room(r, client);

		TAILQ_REMOVE(&r->hungry, client, hungry_link);
		client->hungry = false;
		if (most > RECONCILE_BATCH)
			most = RECONCILE_BATCH;
		most = pacer_allowance(pacer, now, most);
		TAILQ_FOREACH(seat, &r->waiting, queue)
		{
			if (n == most)
				break;
			n++;
		}
		if (n > 0)
			send_joins(r, client, n, now);
		else if (seat_room(r, client) > 0)
			timers_set(&r->timers, &client->timer,
			    pacer_next(pacer, now));
		seat_wake(r, client);
	}
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
	struct client *client;

	while ((client = TAILQ_FIRST(&r->parts)) != NULL) {
		while (!TAILQ_EMPTY(&client->leaving))
			send_parts(r, client, now);
		TAILQ_REMOVE(&r->parts, client, parts_link);
		client->parts = false;
	}
}
