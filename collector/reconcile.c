#include "reconcile.h"

#include "assign.h"
#include "lobby.h"
#include "owner.h"
#include "seat.h"

void
reconcile_open(struct reconcile *r, unsigned per_client, unsigned redundancy,
    const struct reconcile_hooks *hooks, void *arg)
{
	*r = (struct reconcile){.hooks = hooks,
	    .arg = arg,
	    .per_client = per_client,
	    .sides = redundancy};
	channels_open(&r->channels);
	for (unsigned side = 0; side < SIDES; side++) {
		TAILQ_INIT(&r->waiting[side]);
		TAILQ_INIT(&r->hungry[side]);
	}
	TAILQ_INIT(&r->eager);
	TAILQ_INIT(&r->parts);
}

void
reconcile_close(struct reconcile *r)
{
	channels_close(&r->channels);
	timers_close(&r->timers);
}

/* The channel is wanted again: what has not been parted yet stays. */
static void
stay(struct reconcile *r, struct channel *ch, int64_t now)
{
	struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->state != SEAT_LEAVING ||
		    (seat->heir != NULL && seat->heir->in))
			continue;
		TAILQ_REMOVE(&seat->client->leaving, seat, queue);
		seat_set(r, seat, seat->in ? SEAT_JOINED : SEAT_JOINING, now);
		if (!seat->in)
			timers_set(&r->timers, &seat->timer,
			    now + RECONCILE_ANSWER);
	}
}

/* True if the channel has a seat of this side that is not being replaced. */
static bool
has_side(const struct channel *ch, unsigned side)
{
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->side == side && seat->heir == NULL)
			return true;
	}
	return false;
}

bool
reconcile_want(struct reconcile *r, const char *name, int64_t now)
{
	struct channel *ch = channels_find(&r->channels, slice_of(name));

	if (ch != NULL && ch->desired)
		return false;
	if (ch == NULL) {
		ch = channels_add(&r->channels, name);
		ch->since = now;
		r->phases[PHASE_IDLE]++;
	}
	stay(r, ch, now);
	for (unsigned side = 0; side < r->sides; side++)
		if (!has_side(ch, side))
			seat_wait(r, seat_new(ch, side), now);
	ch->desired = true;
	r->desired++;
	return true;
}

static void
give_up(struct reconcile *r, struct seat *seat, int64_t now)
{
	switch (seat->state) {
	case SEAT_JOINING:
	case SEAT_JOINED:
		seat_leave(r, seat, now);
		return;
	case SEAT_LEAVING:
	case SEAT_PARTING:
		return;
	case SEAT_DUE:
		seat_release(r, seat);
		break;
	case SEAT_WAITING:
		lobby_leave(r, seat);
		break;
	default:
		timers_cancel(&r->timers, &seat->timer);
	}
	seat_free(r, seat, now);
}

bool
reconcile_unwant(struct reconcile *r, const char *name, int64_t now)
{
	struct channel *ch = channels_find(&r->channels, slice_of(name));
	struct seat *seat, *next;

	if (ch == NULL || !ch->desired)
		return false;
	ch->desired = false;
	r->desired--;
	if (ch->lost != 0)
		r->hooks->gap(r->arg, ch, ch->lost, now, ch->lost_why);
	ch->lost = 0;
	for (seat = TAILQ_FIRST(&ch->seats); seat != NULL; seat = next) {
		next = TAILQ_NEXT(seat, same);
		give_up(r, seat, now);
	}
	return true;
}

bool
reconcile_set(struct reconcile *r, const struct name *names, size_t n,
    int64_t now)
{
	struct channel *ch, *next;
	bool changed = false;

	r->sets++;
	for (size_t i = 0; i < n; i++) {
		changed |= reconcile_want(r, names[i].text, now);
		ch = channels_find(&r->channels, slice_of(names[i].text));
		ch->named = r->sets;
	}
	for (ch = TAILQ_FIRST(&r->channels.all); ch != NULL; ch = next) {
		next = TAILQ_NEXT(ch, all);
		if (ch->desired && ch->named != r->sets)
			changed |= reconcile_unwant(r, ch->name, now);
	}
	return changed;
}

void
reconcile_resume(struct reconcile *r, struct slice name, int64_t seen,
    const char *reason)
{
	struct channel *ch = channels_find(&r->channels, name);

	if (ch == NULL || !ch->desired)
		return;
	ch->lost = seen == 0 ? -1 : seen; /* 0: none */
	ch->lost_why = reason;
}

void
reconcile_end(struct reconcile *r, int64_t now)
{
	struct channel *ch;

	TAILQ_FOREACH(ch, &r->channels.all, all)
	{
		if (ch->lost == 0)
			continue;
		r->hooks->gap(r->arg, ch, ch->lost, now, ch->lost_why);
		ch->lost = now;
	}
}

size_t
reconcile_clients_needed(const struct reconcile *r)
{
	return (r->desired + r->per_client - 1) / r->per_client;
}

void
reconcile_attach(struct reconcile *r, struct client *client,
    struct identity *identity, unsigned side)
{
	*client = (struct client){
	    .identity = identity, .side = side, .attached = true};
	client->timer.kind = TIMER_CLIENT;
	TAILQ_INIT(&client->seats);
	TAILQ_INIT(&client->due);
	TAILQ_INIT(&client->leaving);
	TAILQ_INSERT_TAIL(&identity->clients, client, same);
	lobby_wake(r, client);
}

void
reconcile_detach(struct reconcile *r, struct client *client, int64_t heard,
    int64_t alive, int64_t now)
{
	struct identity *identity = client->identity;
	struct seat *seat;

	if (!client->attached)
		return;
	client->attached = false;
	timers_cancel(&r->timers, &client->timer);
	if (client->line != NULL)
		TAILQ_REMOVE(client->line, client, line_link);
	if (client->parts)
		TAILQ_REMOVE(&r->parts, client, parts_link);
	while ((seat = TAILQ_FIRST(&client->seats)) != NULL) {
		seat_lose(r, seat, heard, alive, "disconnected");
		seat_release(r, seat);
		seat_vacate(r, seat, now);
	}
	TAILQ_REMOVE(&identity->clients, client, same);
	/* It may be gone before its timer is due. */
	if (TAILQ_EMPTY(&identity->clients)) {
		timers_cancel(&r->timers, &identity->timer);
		identity->rooms_max = identity->rooms_limit;
	}
}

void
reconcile_retire(struct reconcile *r, struct client *client)
{
	client->retiring = true;
	lobby_wake(r, client);
	if (client->count == 0)
		r->hooks->left(r->arg, client);
}

/* The seat to be joined on the successor: a joined one has an heir there. */
static struct seat *
heir_of(struct reconcile *r, struct seat *seat)
{
	if (seat->state != SEAT_JOINED) {
		seat_release(r, seat);
		return seat;
	}
	seat->heir = seat_new(seat->channel, seat->side);
	seat->heir->ancestor = seat;
	return seat->heir;
}

void
reconcile_inherit(struct reconcile *r, struct client *client,
    struct client *successor, int64_t now)
{
	struct seat *seat, *next, *heir;

	for (seat = TAILQ_FIRST(&client->seats); seat != NULL; seat = next) {
		next = TAILQ_NEXT(seat, held);
		if (seat->state > SEAT_JOINED || seat->heir != NULL)
			continue;
		heir = heir_of(r, seat);
		seat_set(r, heir, SEAT_DUE, now);
		TAILQ_INSERT_TAIL(&successor->due, heir, queue);
		seat_hold(r, heir, successor);
	}
	lobby_wake(r, successor);
}

void
reconcile_ready(struct reconcile *r, struct client *client)
{
	lobby_wake(r, client);
}

/* The seat that this client has, or is to have, in the channel; or NULL. */
static struct seat *
find_seat(const struct reconcile *r, const struct client *client,
    struct slice name)
{
	struct channel *ch = channels_find(&r->channels, name);
	struct seat *seat;

	if (ch == NULL)
		return NULL;
	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->client == client)
			return seat;
	}
	return NULL;
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
		seat_confirm(r, seat, now);
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
	seat_parted(r, seat, asked ? NULL : "the server took us out", now);
	if (asked)
		seat_vacate(r, seat, now);
	else
		seat_retry(r, seat, now);
}

void
reconcile_refused(struct reconcile *r, struct client *client, struct slice name,
    const char *reason, int64_t now)
{
	struct seat *seat = find_seat(r, client, name);

	if (seat == NULL)
		return;
	seat_refuse(r, seat, reason, now);
}

void
reconcile_full(struct reconcile *r, struct client *client, struct slice name,
    int64_t now)
{
	struct seat *seat = find_seat(r, client, name);
	struct identity *identity = client->identity;
	unsigned rooms;

	if (seat == NULL || seat->in)
		return;
	rooms = identity->rooms;
	seat_release(r, seat);
	/* It is there with another connection: that ought to be free. */
	if (identity->rooms == rooms) {
		seat_retry(r, seat, now);
		return;
	}
	identity->rooms_max = identity->rooms;
	identity->timer.kind = TIMER_IDENTITY;
	timers_set(&r->timers, &identity->timer, now + RECONCILE_REFUSED);
	seat_vacate(r, seat, now);
}

/* Perhaps the account may be in more channels by now. */
static void
identity_due(struct reconcile *r, struct identity *identity)
{
	struct client *client;

	identity->rooms_max = identity->rooms_limit;
	TAILQ_FOREACH(client, &identity->clients, same)
	{
		lobby_wake(r, client);
	}
}

int64_t
reconcile_run(struct reconcile *r, int64_t now)
{
	struct timer *timer;

	while ((timer = timers_due(&r->timers, now)) != NULL) {
		if (timer->kind == TIMER_SEAT)
			seat_due(r, OWNER(timer, struct seat, timer), now);
		else if (timer->kind == TIMER_CLIENT)
			lobby_wake(r, OWNER(timer, struct client, timer));
		else
			identity_due(r, OWNER(timer, struct identity, timer));
	}
	assign_parts(r, now);
	assign_joins(r, now);
	return timers_next(&r->timers);
}
