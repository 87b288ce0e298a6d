#include "reconcile.h"

#include "backoff.h"
#include "owner.h"

/* What a timer belongs to. */
enum { TIMER_SEAT, TIMER_CLIENT };

void
reconcile_open(struct reconcile *r, unsigned per_client,
    const struct reconcile_hooks *hooks, void *arg)
{
	*r = (struct reconcile){
	    .hooks = hooks, .arg = arg, .per_client = per_client};
	channels_open(&r->channels);
	TAILQ_INIT(&r->waiting);
	TAILQ_INIT(&r->hungry);
	TAILQ_INIT(&r->parts);
}

void
reconcile_close(struct reconcile *r)
{
	channels_close(&r->channels);
	timers_close(&r->timers);
}

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

static void
set_state(struct reconcile *r, struct seat *seat, enum seat_state state,
    int64_t now)
{
	seat->state = state;
	show_phase(r, seat->channel, now);
}

static unsigned
room_left(const struct reconcile *r, const struct client *client)
{
	const struct identity *id = client->identity;
	unsigned here = r->per_client - client->count;
	unsigned all =
	    id->rooms < id->rooms_max ? id->rooms_max - id->rooms : 0;

	return here < all ? here : all;
}

/* Let it ask for channels, if it can take any. */
static void
wake(struct reconcile *r, struct client *client)
{
	if (!client->attached || client->hungry || client->busy ||
	    client->timer.place != 0 || room_left(r, client) == 0)
		return;
	client->hungry = true;
	TAILQ_INSERT_TAIL(&r->hungry, client, hungry_link);
}

/* The seat holds its client no more. */
static void
release(struct reconcile *r, struct seat *seat)
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
		wake(r, other);
	}
}

static void
wait_for_room(struct reconcile *r, struct seat *seat, int64_t now)
{
	set_state(r, seat, SEAT_WAITING, now);
	TAILQ_INSERT_TAIL(&r->waiting, seat, queue);
}

/* The channel is neither wanted nor held: forget it. */
static void
forget(struct reconcile *r, struct channel *ch)
{
	r->phases[ch->phase]--;
	r->changed = true;
	channels_remove(&r->channels, ch);
}

/* A seat holds nothing now: queue up again, or go. */
static void
vacate(struct reconcile *r, struct seat *seat, int64_t now)
{
	if (seat->channel->desired)
		wait_for_room(r, seat, now);
	else
		forget(r, seat->channel);
}

static void
try_later(struct reconcile *r, struct seat *seat, int64_t now)
{
	set_state(r, seat, SEAT_BACKOFF, now);
	timers_set(&r->timers, &seat->timer,
	    now +
		backoff_delay(++seat->failures, RECONCILE_RETRY_FIRST,
		    RECONCILE_RETRY_MOST));
}

bool
reconcile_want(struct reconcile *r, const char *name, int64_t now)
{
	struct channel *ch = channels_find(&r->channels, slice_of(name));

	if (ch != NULL && ch->desired)
		return false;
	if (ch == NULL) {
		ch = channels_add(&r->channels, name);
		ch->seat.timer.kind = TIMER_SEAT;
		ch->since = now;
		r->phases[PHASE_IDLE]++;
		wait_for_room(r, &ch->seat, now);
	} else if (ch->seat.state == SEAT_LEAVING) {
		TAILQ_REMOVE(&ch->seat.client->leaving, &ch->seat, queue);
		set_state(r, &ch->seat,
		    ch->seat.in ? SEAT_JOINED : SEAT_JOINING, now);
	}
	ch->desired = true;
	r->desired++;
	return true;
}

static void
leave(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct client *client = seat->client;

	seat->in = seat->state == SEAT_JOINED;
	set_state(r, seat, SEAT_LEAVING, now);
	TAILQ_INSERT_TAIL(&client->leaving, seat, queue);
	if (!client->parts) {
		client->parts = true;
		TAILQ_INSERT_TAIL(&r->parts, client, parts_link);
	}
}

bool
reconcile_unwant(struct reconcile *r, const char *name, int64_t now)
{
	struct channel *ch = channels_find(&r->channels, slice_of(name));

	if (ch == NULL || !ch->desired)
		return false;
	ch->desired = false;
	r->desired--;
	switch (ch->seat.state) {
	case SEAT_JOINING:
	case SEAT_JOINED:
		leave(r, &ch->seat, now);
		return true;
	case SEAT_PARTING:
		return true;
	case SEAT_WAITING:
		TAILQ_REMOVE(&r->waiting, &ch->seat, queue);
		break;
	default:
		timers_cancel(&r->timers, &ch->seat.timer);
	}
	forget(r, ch);
	return true;
}

size_t
reconcile_clients_needed(const struct reconcile *r)
{
	return (r->desired + r->per_client - 1) / r->per_client;
}

void
reconcile_attach(struct reconcile *r, struct client *client,
    struct identity *identity)
{
	*client = (struct client){.identity = identity, .attached = true};
	client->timer.kind = TIMER_CLIENT;
	TAILQ_INIT(&client->seats);
	TAILQ_INIT(&client->leaving);
	TAILQ_INSERT_TAIL(&identity->clients, client, same);
	wake(r, client);
}

void
reconcile_detach(struct reconcile *r, struct client *client, int64_t now)
{
	struct seat *seat;

	if (!client->attached)
		return;
	client->attached = false;
	timers_cancel(&r->timers, &client->timer);
	if (client->hungry)
		TAILQ_REMOVE(&r->hungry, client, hungry_link);
	if (client->parts)
		TAILQ_REMOVE(&r->parts, client, parts_link);
	while ((seat = TAILQ_FIRST(&client->seats)) != NULL) {
		release(r, seat);
		vacate(r, seat, now);
	}
	TAILQ_REMOVE(&client->identity->clients, client, same);
}

void
reconcile_ready(struct reconcile *r, struct client *client)
{
	wake(r, client);
}

/* The seat that this client has, or is to have, in the channel; or NULL. */
static struct seat *
find_seat(const struct reconcile *r, const struct client *client,
    struct slice name)
{
	struct channel *ch = channels_find(&r->channels, name);

	return ch != NULL && ch->seat.client == client ? &ch->seat : NULL;
}

static void
confirm(struct reconcile *r, struct seat *seat, int64_t now)
{
	timers_cancel(&r->timers, &seat->timer);
	seat->failures = 0;
	r->counts.confirmed++;
	set_state(r, seat, SEAT_JOINED, now);
	r->hooks->joined(r->arg, seat->client, seat->channel);
}

void
reconcile_roomstate(struct reconcile *r, struct client *client,
    struct slice name, struct slice id, int64_t now)
{
	struct seat *seat = find_seat(r, client, name);

	if (seat == NULL)
		return;
	if (id.len > 0 && id.len <= CHANNEL_ID_MAX) {
		memcpy(seat->channel->id, id.p, id.len);
		seat->channel->id[id.len] = '\0';
	}
	if (seat->state == SEAT_JOINING)
		confirm(r, seat, now);
}

void
reconcile_names(struct reconcile *r, struct client *client, struct slice name,
    int64_t now)
{
	struct seat *seat = find_seat(r, client, name);

	if (seat == NULL || seat->state != SEAT_JOINING || seat->named)
		return;
	seat->named = true;
	timers_set(&r->timers, &seat->timer, now + RECONCILE_NAMED);
}

void
reconcile_parted(struct reconcile *r, struct client *client, struct slice name,
    int64_t now)
{
	struct seat *seat = find_seat(r, client, name);
	bool asked;

	if (seat == NULL)
		return;
	asked = seat->state == SEAT_PARTING;
	r->hooks->parted(r->arg, client, seat->channel,
	    asked ? NULL : "the server took us out");
	release(r, seat);
	if (asked || !seat->channel->desired)
		vacate(r, seat, now);
	else
		try_later(r, seat, now);
}

void
reconcile_refused(struct reconcile *r, struct client *client, struct slice name,
    const char *reason, int64_t now)
{
	struct seat *seat = find_seat(r, client, name);

	if (seat == NULL)
		return;
	seat->channel->reason = reason;
	r->counts.refused++;
	r->hooks->refused(r->arg, client, seat->channel);
	release(r, seat);
	if (!seat->channel->desired) {
		vacate(r, seat, now);
		return;
	}
	set_state(r, seat, SEAT_REFUSED, now);
	timers_set(&r->timers, &seat->timer, now + RECONCILE_REFUSED);
}

void
reconcile_full(struct reconcile *r, struct client *client, struct slice name,
    int64_t now)
{
	struct seat *seat = find_seat(r, client, name);

	if (seat == NULL || seat->state == SEAT_JOINED)
		return;
	client->identity->rooms_max = client->identity->rooms - 1;
	release(r, seat);
	vacate(r, seat, now);
}

static void
seat_due(struct reconcile *r, struct seat *seat, int64_t now)
{
	struct client *client = seat->client;

	switch (seat->state) {
	case SEAT_JOINING:
		if (seat->named) {
			confirm(r, seat, now);
			return;
		}
		r->counts.unanswered++;
		release(r, seat);
		try_later(r, seat, now);
		return;
	case SEAT_PARTING:
		r->hooks->parted(r->arg, client, seat->channel, "no answer");
		release(r, seat);
		vacate(r, seat, now);
		return;
	case SEAT_BACKOFF:
	case SEAT_REFUSED:
		wait_for_room(r, seat, now);
		return;
	default:
		return;
	}
}

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
		set_state(r, seat, SEAT_JOINING, now);
		timers_set(&r->timers, &seat->timer, now + RECONCILE_ANSWER);
		batch[i] = seat->channel;
	}
	client->count += n;
	client->identity->rooms += n;
	r->counts.tried += n;
	pacer_charge(&client->identity->joins, now, n);
	r->hooks->join(r->arg, client, batch, n);
}

/* Give channels to the clients in turn, a line's worth each. */
static void
run_joins(struct reconcile *r, int64_t now)
{
	struct client *client;
	struct seat *seat;

	while (!TAILQ_EMPTY(&r->waiting) &&
	    (client = TAILQ_FIRST(&r->hungry)) != NULL) {
		struct pacer *pacer = &client->identity->joins;
		unsigned n = 0, most = room_left(r, client);

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
		else if (room_left(r, client) > 0)
			timers_set(&r->timers, &client->timer,
			    pacer_next(pacer, now));
		wake(r, client);
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
		set_state(r, seat, SEAT_PARTING, now);
		timers_set(&r->timers, &seat->timer, now + RECONCILE_ANSWER);
		batch[n++] = seat->channel;
	}
	if (n > 0)
		r->hooks->part(r->arg, client, batch, n);
}

int64_t
reconcile_run(struct reconcile *r, int64_t now)
{
	struct timer *timer;
	struct client *client;

	while ((timer = timers_due(&r->timers, now)) != NULL) {
		if (timer->kind == TIMER_SEAT)
			seat_due(r, OWNER(timer, struct seat, timer), now);
		else
			wake(r, OWNER(timer, struct client, timer));
	}
	while ((client = TAILQ_FIRST(&r->parts)) != NULL) {
		while (!TAILQ_EMPTY(&client->leaving))
			send_parts(r, client, now);
		TAILQ_REMOVE(&r->parts, client, parts_link);
		client->parts = false;
	}
	run_joins(r, now);
	return timers_next(&r->timers);
}
