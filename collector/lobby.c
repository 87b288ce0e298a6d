#include "lobby.h"

static struct seats *
queue_of(struct reconcile *r, const struct seat *seat)
{
	return seat->home != NULL ? &seat->home->waiting[seat->side] :
				    &r->waiting[seat->side];
}

/* The account that is in the channel, or NULL. */
static struct identity *
account_in(const struct channel *ch)
{
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->client != NULL &&
		    seat->client->identity->account != NULL)
			return seat->client->identity;
	}
	return NULL;
}

void
lobby_enter(struct reconcile *r, struct seat *seat)
{
	struct client *client;
	bool first;

	seat->home = account_in(seat->channel);
	first = TAILQ_EMPTY(queue_of(r, seat));
	TAILQ_INSERT_TAIL(queue_of(r, seat), seat, queue);
	/* Behind others: whoever could take it is in line for them. */
	if (seat->home == NULL || !first)
		return;
	TAILQ_FOREACH(client, &seat->home->clients, same)
	{
		lobby_wake(r, client);
	}
}

void
lobby_leave(struct reconcile *r, struct seat *seat)
{
	TAILQ_REMOVE(queue_of(r, seat), seat, queue);
}

void
lobby_move(struct reconcile *r, struct channel *ch)
{
	struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->state != SEAT_WAITING || seat->home == account_in(ch))
			continue;
		lobby_leave(r, seat);
		lobby_enter(r, seat);
	}
}

/* True if the client may take another channel than those it is given. */
static bool
has_place(const struct reconcile *r, const struct client *client)
{
	return !client->retiring && client->count < r->per_client;
}

static bool
has_room(const struct client *client)
{
	return client->identity->rooms < client->identity->rooms_max;
}

/* The first that no other identity's client may take. */
static struct seat *
first_own(const struct reconcile *r, const struct client *client)
{
	if (!TAILQ_EMPTY(&client->due))
		return TAILQ_FIRST(&client->due);
	if (!has_place(r, client))
		return NULL;
	return TAILQ_FIRST(&client->identity->waiting[client->side]);
}

struct seat *
lobby_first(const struct reconcile *r, const struct client *client)
{
	struct seat *seat = first_own(r, client);

	if (seat == NULL && has_place(r, client) && has_room(client))
		seat = TAILQ_FIRST(&r->waiting[client->side]);
	return seat;
}

void
lobby_wake(struct reconcile *r, struct client *client)
{
	struct clients *line = NULL;

	if (!client->attached || client->busy || client->timer.place != 0)
		return;
	if (first_own(r, client) != NULL)
		line = &r->eager;
	else if (has_place(r, client) && has_room(client))
		line = &r->hungry[client->side];
	if (line == client->line)
		return;
	if (client->line != NULL)
		TAILQ_REMOVE(client->line, client, line_link);
	client->line = line;
	if (line != NULL)
		TAILQ_INSERT_TAIL(line, client, line_link);
}
