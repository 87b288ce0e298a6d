#include "reconcile.h"

#include "assign.h"
#include "owner.h"
#include "seat.h"

/* What a timer belongs to. */
enum { TIMER_SEAT, TIMER_CLIENT, TIMER_IDENTITY };

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
		seat_wait(r, &ch->seat, now);
	} else if (ch->seat.state == SEAT_LEAVING) {
		TAILQ_REMOVE(&ch->seat.client->leaving, &ch->seat, queue);
		seat_set(r, &ch->seat, ch->seat.in ? SEAT_JOINED : SEAT_JOINING,
		    now);
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
	seat_set(r, seat, SEAT_LEAVING, now);
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
	seat_forget(r, ch);
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
	seat_wake(r, client);
}

void
reconcile_detach(struct reconcile *r, struct client *client, int64_t heard,
    int64_t now)
{
	struct identity *identity = client->identity;
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
		seat_lose(seat, heard, "disconnected");
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
reconcile_ready(struct reconcile *r, struct client *client)
{
	seat_wake(r, client);
}

/* The seat that this client has, or is to have, in the channel; or NULL. */
static struct seat *
find_seat(const struct reconcile *r, const struct client *client,
    struct slice name)
{
	struct channel *ch = channels_find(&r->channels, name);

	return ch != NULL && ch->seat.client == client ? &ch->seat : NULL;
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
	r->hooks->parted(r->arg, client, seat->channel,
	    asked ? NULL : "the server took us out");
	seat_lose(seat, now, "parted");
	seat_release(r, seat);
	if (asked || !seat->channel->desired)
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

	if (seat == NULL || seat->state == SEAT_JOINED)
		return;
	client->identity->rooms_max = client->identity->rooms - 1;
	client->identity->timer.kind = TIMER_IDENTITY;
	timers_set(&r->timers, &client->identity->timer,
	    now + RECONCILE_REFUSED);
	seat_release(r, seat);
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
		seat_wake(r, client);
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
			seat_wake(r, OWNER(timer, struct client, timer));
		else
			identity_due(r, OWNER(timer, struct identity, timer));
	}
	assign_parts(r, now);
	assign_joins(r, now);
	return timers_next(&r->timers);
}
