#include "seat.h"

#include "backoff.h"

static void
show_phase(struct reconcile *r, struct channel *ch, int64_t now)
{
	static const enum phase phases[] = {[SEAT_IDLE] = PHASE_IDLE,
	    [SEAT_WAITING] = PHASE_IDLE,
	    [SEAT_BACKOFF] = PHASE_IDLE,
	    [SEAT_REFUSED] = PHASE_REFUSED,
	    [SEAT_JOINING] = PHASE_JOINING,
	    [SEAT_JOINED] = PHASE_JOINED,
	    [SEAT_LEAVING] = PHASE_PARTING,
	    [SEAT_PARTING] = PHASE_PARTING};
	enum phase phase = phases[ch->seat.state];

	r->changed = true;
	if (phase == ch->phase)
		return;
	r->phases[ch->phase]--;
	r->phases[phase]++;
	ch->phase = phase;
	ch->since = now;
}

void
seat_set(struct reconcile *r, struct seat *seat, enum seat_state state,
    int64_t now)
{
	seat->state = state;
	show_phase(r, seat->channel, now);
}

unsigned
seat_room(const struct reconcile *r, const struct client *client)
{
	const struct identity *id = client->identity;
	unsigned here = r->per_client - client->count;
	unsigned all =
	    id->rooms < id->rooms_max ? id->rooms_max - id->rooms : 0;

	return here < all ? here : all;
}

void
seat_wake(struct reconcile *r, struct client *client)
{
	if (!client->attached || client->hungry || client->busy ||
	    client->timer.place != 0 || seat_room(r, client) == 0)
		return;
	client->hungry = true;
	TAILQ_INSERT_TAIL(&r->hungry, client, hungry_link);
}

void
seat_lose(struct seat *seat, int64_t from, const char *reason)
{
	if (seat->state != SEAT_JOINED || !seat->channel->desired)
		return;
	seat->channel->lost = from;
	seat->channel->lost_why = reason;
}

void
seat_release(struct reconcile *r, struct seat *seat)
{
	struct client *client = seat->client, *other;

	timers_cancel(&r->timers, &seat->timer);
	if (client == NULL)
		return;
	if (seat->state == SEAT_LEAVING)
		TAILQ_REMOVE(&client->leaving, seat, queue);
	TAILQ_REMOVE(&client->seats, seat, held);
	client->count--;
	client->identity->rooms--;
	seat->client = NULL;
	TAILQ_FOREACH(other, &client->identity->clients, same)
	{
		seat_wake(r, other);
	}
}

void
seat_wait(struct reconcile *r, struct seat *seat, int64_t now)
{
	seat_set(r, seat, SEAT_WAITING, now);
	TAILQ_INSERT_TAIL(&r->waiting, seat, queue);
}

void
seat_forget(struct reconcile *r, struct channel *ch)
{
	r->phases[ch->phase]--;
	r->changed = true;
	channels_remove(&r->channels, ch);
}

void
seat_vacate(struct reconcile *r, struct seat *seat, int64_t now)
{
	if (seat->channel->desired)
		seat_wait(r, seat, now);
	else
		seat_forget(r, seat->channel);
}

void
seat_retry(struct reconcile *r, struct seat *seat, int64_t now)
{
	seat_set(r, seat, SEAT_BACKOFF, now);
	timers_set(&r->timers, &seat->timer,
	    now +
		backoff_delay(++seat->failures, RECONCILE_RETRY_FIRST,
		    RECONCILE_RETRY_MOST));
}

void
seat_refuse(struct reconcile *r, struct seat *seat, const char *reason,
    int64_t now)
{
	struct client *client = seat->client;

	seat->channel->reason = reason;
	r->counts.refused++;
	r->hooks->refused(r->arg, client, seat->channel);
	seat_lose(seat, now, "refused");
	seat_release(r, seat);
	if (!seat->channel->desired) {
		seat_vacate(r, seat, now);
		return;
	}
	seat_set(r, seat, SEAT_REFUSED, now);
	timers_set(&r->timers, &seat->timer, now + RECONCILE_REFUSED);
}

void
seat_confirm(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct channel *ch = seat->channel;

	timers_cancel(&r->timers, &seat->timer);
	seat->failures = 0;
	seat->client->unanswered = 0;
	r->counts.confirmed++;
	seat_set(r, seat, SEAT_JOINED, now);
	r->hooks->joined(r->arg, seat->client, ch);
	if (ch->lost != 0)
		r->hooks->gap(r->arg, ch, ch->lost, ch->lost_why);
	ch->lost = 0;
}

static void
unanswered(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct client *client = seat->client;

	r->counts.unanswered++;
	if (++client->unanswered == RECONCILE_MUTE)
		r->hooks->mute(r->arg, client);
	if (seat->failures + 1 >= RECONCILE_TRIES) {
		seat_refuse(r, seat, "no answer", now);
		return;
	}
	seat_release(r, seat);
	seat_retry(r, seat, now);
}

void
seat_due(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct client *client = seat->client;

	switch (seat->state) {
	case SEAT_JOINING:
		if (seat->named) {
			seat_confirm(r, seat, now);
			return;
		}
		unanswered(r, seat, now);
		return;
	case SEAT_PARTING:
		r->hooks->parted(r->arg, client, seat->channel, "no answer");
		seat_release(r, seat);
		seat_vacate(r, seat, now);
		return;
	case SEAT_BACKOFF:
	case SEAT_REFUSED:
		seat_wait(r, seat, now);
		return;
	default:
		return;
	}
}
