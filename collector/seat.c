#include "seat.h"

#include <stdlib.h>

#include "backoff.h"
#include "lobby.h"
#include "memory.h"

/* The channel is what its best seat is. */
static void
show_phase(struct reconcile *r, struct channel *ch, int64_t now)
{
	static const enum phase phases[] = {[SEAT_WAITING] = PHASE_IDLE,
	    [SEAT_BACKOFF] = PHASE_IDLE,
	    [SEAT_REFUSED] = PHASE_REFUSED,
	    [SEAT_DUE] = PHASE_IDLE,
	    [SEAT_JOINING] = PHASE_JOINING,
	    [SEAT_JOINED] = PHASE_JOINED,
	    [SEAT_LEAVING] = PHASE_PARTING,
	    [SEAT_PARTING] = PHASE_PARTING};
	enum phase phase = PHASE_IDLE;
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (phases[seat->state] > phase)
			phase = phases[seat->state];
	}
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

struct seat *
seat_new(struct channel *ch, unsigned side)
{
	struct seat *seat = memory_new(1, sizeof(*seat));

	seat->channel = ch;
	seat->side = side;
	seat->timer.kind = TIMER_SEAT;
	TAILQ_INSERT_TAIL(&ch->seats, seat, same);
	return seat;
}

void
seat_free(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct channel *ch = seat->channel;

	if (seat->heir != NULL)
		seat->heir->ancestor = seat->ancestor;
	if (seat->ancestor != NULL)
		seat->ancestor->heir = seat->heir;
	TAILQ_REMOVE(&ch->seats, seat, same);
	free(seat);
	show_phase(r, ch, now);
	if (TAILQ_EMPTY(&ch->seats)) {
		r->phases[ch->phase]--;
		r->hooks->forgotten(r->arg, ch);
		channels_remove(&r->channels, ch);
	}
}

bool
seat_any_in(const struct channel *ch)
{
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->in)
			return true;
	}
	return false;
}

/* True if one of the identity's connections has it, or is to have it. */
static bool
has_identity(const struct channel *ch, const struct identity *identity)
{
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->client != NULL && seat->client->identity == identity)
			return true;
	}
	return false;
}

/* When the first of those joined that still are; 0 if none is. */
static int64_t
joined_since(const struct channel *ch)
{
	const struct seat *seat;
	int64_t since = 0;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->in && (since == 0 || seat->joined < since))
			since = seat->joined;
	}
	return since;
}

void
seat_lose(struct reconcile *r, struct seat *seat, int64_t heard, int64_t alive,
    const char *reason)
{
	struct channel *ch = seat->channel;
	bool asked = seat->state != SEAT_JOINED && seat->heir == NULL;
	bool counts = seat->in && ch->desired && !asked;
	int64_t since;

	seat->in = false;
	if (!counts)
		return;
	since = joined_since(ch);
	if (since == 0) {
		ch->lost = heard > ch->covered ? heard : ch->covered;
		ch->lost_why = reason;
	}
	if (alive > ch->covered)
		ch->covered = alive;
	/* It had been dead for a while, and the others came after that. */
	if (since > ch->covered)
		r->hooks->gap(r->arg, ch, ch->covered, since, reason);
}

void
seat_hold(struct reconcile *r, struct seat *seat, struct client *client)
{
	struct channel *ch = seat->channel;
	bool new = !has_identity(ch, client->identity);

	seat->client = client;
	TAILQ_INSERT_TAIL(&client->seats, seat, held);
	client->count++;
	client->identity->rooms += new;
	if (new)
		lobby_move(r, ch);
}

void
seat_release(struct reconcile *r, struct seat *seat)
{
	struct client *client = seat->client, *other;
	struct identity *identity = client->identity;
	bool full = identity->rooms >= identity->rooms_max;

	timers_cancel(&r->timers, &seat->timer);
	if (seat->state == SEAT_DUE)
		TAILQ_REMOVE(&client->due, seat, queue);
	if (seat->state == SEAT_LEAVING)
		TAILQ_REMOVE(&client->leaving, seat, queue);
	TAILQ_REMOVE(&client->seats, seat, held);
	client->count--;
	seat->client = NULL;
	seat->in = false;
	if (!has_identity(seat->channel, identity)) {
		identity->rooms--;
		lobby_move(r, seat->channel);
	}
	lobby_wake(r, client);
	/* Its other clients may have a place, and only now a room. */
	if (full)
		TAILQ_FOREACH(other, &identity->clients, same)
		{
			lobby_wake(r, other);
		}
	if (client->attached && client->retiring && client->count == 0)
		r->hooks->left(r->arg, client);
}

void
seat_wait(struct reconcile *r, struct seat *seat, int64_t now)
{
	seat_set(r, seat, SEAT_WAITING, now);
	lobby_enter(r, seat);
}

bool
seat_needed(const struct seat *seat)
{
	return seat->channel->desired && seat->heir == NULL;
}

void
seat_vacate(struct reconcile *r, struct seat *seat, int64_t now)
{
	if (seat_needed(seat))
		seat_wait(r, seat, now);
	else
		seat_free(r, seat, now);
}

/* It waits, but not for a connection. */
static void
rest(struct reconcile *r, struct seat *seat, enum seat_state state,
    int64_t delay, int64_t now)
{
	if (!seat_needed(seat)) {
		seat_free(r, seat, now);
		return;
	}
	seat_set(r, seat, state, now);
	timers_set(&r->timers, &seat->timer, now + delay);
}

void
seat_retry(struct reconcile *r, struct seat *seat, int64_t now)
{
	rest(r, seat, SEAT_BACKOFF,
	    backoff_delay(++seat->failures, RECONCILE_RETRY_FIRST,
		RECONCILE_RETRY_MOST),
	    now);
}

/* Of several seats in a channel the first that is refused tells of it. */
static bool
told(const struct channel *ch)
{
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->state == SEAT_REFUSED)
			return true;
	}
	return false;
}

void
seat_refuse(struct reconcile *r, struct seat *seat, const char *reason,
    int64_t now)
{
	struct channel *ch = seat->channel;

	ch->reason = reason;
	r->counts.refused++;
	seat_lose(r, seat, now, now, "refused");
	if (!seat_any_in(ch) && !told(ch))
		r->hooks->refused(r->arg, seat->client, ch);
	seat_release(r, seat);
	rest(r, seat, SEAT_REFUSED, RECONCILE_REFUSED, now);
}

void
seat_confirm(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct channel *ch = seat->channel;
	struct seat *old;
	bool first = !seat_any_in(ch);

	timers_cancel(&r->timers, &seat->timer);
	seat->failures = 0;
	seat->client->unanswered = 0;
	r->counts.confirmed++;
	seat->in = true;
	seat->joined = now;
	seat_set(r, seat, SEAT_JOINED, now);
	if (first)
		r->hooks->joined(r->arg, seat->client, ch);
	if (ch->lost != 0)
		r->hooks->gap(r->arg, ch, ch->lost, now, ch->lost_why);
	ch->lost = 0;
	for (old = seat->ancestor; old != NULL; old = old->ancestor)
		if (old->state == SEAT_JOINED)
			timers_set(&r->timers, &old->timer,
			    now + RECONCILE_OVERLAP);
}

void
seat_leave(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct client *client = seat->client;

	seat_set(r, seat, SEAT_LEAVING, now);
	TAILQ_INSERT_TAIL(&client->leaving, seat, queue);
	if (!client->parts) {
		client->parts = true;
		TAILQ_INSERT_TAIL(&r->parts, client, parts_link);
	}
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
seat_parted(struct reconcile *r, struct seat *seat, const char *reason,
    int64_t now)
{
	seat_lose(r, seat, now, now, "parted");
	if (!seat_any_in(seat->channel))
		r->hooks->parted(r->arg, seat->client, seat->channel, reason);
	seat_release(r, seat);
}

void
reconcile_unread(struct reconcile *r, int64_t now)
{
	r->unread = now + RECONCILE_ANSWER;
}

/* The answer may have come: its time is not over. */
static bool
wait_on(struct reconcile *r, struct seat *seat, int64_t now)
{
	if (now >= r->unread)
		return false;
	timers_set(&r->timers, &seat->timer, r->unread);
	return true;
}

/* The PART has no answer. */
static void
give_up_parting(struct reconcile *r, struct seat *seat, int64_t now)
{
	/* How long it has heard what was said there, the caller knows. */
	if (seat->heir != NULL) {
		r->hooks->mute(r->arg, seat->client);
		return;
	}
	seat_parted(r, seat, "no answer", now);
	seat_vacate(r, seat, now);
}

void
seat_due(struct reconcile *r, struct seat *seat, int64_t now)
{
	switch (seat->state) {
	case SEAT_JOINING:
		if (seat->named)
			seat_confirm(r, seat, now);
		else if (!wait_on(r, seat, now))
			unanswered(r, seat, now);
		return;
	case SEAT_JOINED:
		if (seat->heir != NULL && seat->heir->in)
			seat_leave(r, seat, now);
		return;
	case SEAT_PARTING:
		if (!wait_on(r, seat, now))
			give_up_parting(r, seat, now);
		return;
	case SEAT_BACKOFF:
	case SEAT_REFUSED:
		seat_wait(r, seat, now);
		return;
	default:
		return;
	}
}
