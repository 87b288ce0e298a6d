#include "pool.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"
#include "random.h"
#include "status.h"

/*
 * An account for one more connection of this side: with room, not refused,
 * and among those the one with the fewest.
 */
static struct identity *
pick_account(const struct pool *pool, unsigned side)
{
	struct identity *best = NULL;

	for (size_t i = 0; i < pool->options->naccounts; i++) {
		struct identity *id = &pool->accounts[i];

		if (!id->refused &&
		    id->staying[side] * pool->reconcile->per_client <
			id->rooms_max &&
		    (best == NULL || id->staying[side] < best->staying[side]))
			best = id;
	}
	return best;
}

/* How many channels the connections of this side can take. */
static size_t
capacity(const struct pool *pool, unsigned side)
{
	unsigned per_client = pool->reconcile->per_client;
	size_t sum = 0;

	if (pool->options->naccounts == 0)
		return (size_t)pool->staying[side] * per_client;
	for (size_t i = 0; i < pool->options->naccounts; i++) {
		const struct identity *id = &pool->accounts[i];
		unsigned n = id->staying[side] * per_client;

		sum += n < id->rooms_max ? n : id->rooms_max;
	}
	return sum;
}

static unsigned
free_number(struct pool *pool)
{
	unsigned n = 0;

	while (n < pool->nslots && pool->slots[n] != NULL)
		n++;
	if (n == pool->nslots) {
		pool->nslots = pool->nslots == 0 ? 8 : 2 * pool->nslots;
		pool->slots = memory_grow(pool->slots, pool->nslots,
		    sizeof(struct slot *));
		for (unsigned i = n; i < pool->nslots; i++)
			pool->slots[i] = NULL;
	}
	return n;
}

struct slot *
pool_add(struct pool *pool, struct identity *account, unsigned side,
    struct slot *predecessor)
{
	struct slot *slot = memory_new(1, sizeof(*slot));

	slot_open(slot, pool, account, side, predecessor);
	slot->number = free_number(pool);
	pool->slots[slot->number] = slot;
	slot_enqueue(slot);
	return slot;
}

/* As many as there are descriptors for. */
static bool
is_full(const struct pool *pool)
{
	size_t n = 0;

	for (unsigned side = 0; side < SIDES; side++)
		n += pool->staying[side];
	return n >= pool->most;
}

/* As many connections of this side as are needed. False without the room. */
static bool
fill(struct pool *pool, unsigned side)
{
	bool anonymous = pool->options->naccounts == 0;
	struct identity *id = NULL;

	while (capacity(pool, side) < pool->reconcile->desired) {
		if (is_full(pool))
			return false;
		if (!anonymous && (id = pick_account(pool, side)) == NULL)
			return false;
		pool_add(pool, id, side, NULL);
	}
	return true;
}

static void
open_accounts(struct pool *pool)
{
	const struct options *options = pool->options;
	size_t n = options->naccounts;

	pool->accounts = memory_new(n + 1, sizeof(*pool->accounts));
	pool->upkeeps = memory_new(n + 1, sizeof(*pool->upkeeps));
	for (size_t i = 0; i < n; i++) {
		identity_open(&pool->accounts[i], options->accounts[i],
		    &options->limits);
		upkeep_open(&pool->upkeeps[i], pool, &pool->accounts[i]);
	}
}

int
pool_open(struct pool *pool, struct loop *loop, const struct options *options,
    struct reconcile *reconcile, struct feed *feed)
{
	struct conn_common *common = &pool->common;
	const char *why;
	uint64_t key;

	memset(pool, 0, sizeof(*pool));
	pool->options = options;
	pool->reconcile = reconcile;
	pool->feed = feed;
	pool->exit = -1;
	random_bytes(&key, sizeof(key));
	window_open(&common->window, WINDOW_LINES, key);
	TAILQ_INIT(&pool->queue);
	common->loop = loop;
	common->membership = options->membership;
	common->read_max = CONN_READ_MAX;
	common->ping_ms = -1;
	common->hooks = &slot_hooks;
	common->arg = pool;
	if (dial_parse(options->url, &common->endpoint) == -1) {
		log_error("'%s' is not a ws: or wss: URL", options->url);
		return -1;
	}
	if (tls_open(&common->tls, options->ca_file, &why) == -1) {
		log_error("cannot read the certificates in '%s': %s",
		    options->ca_file == NULL ? "the system's store" :
					       options->ca_file,
		    why);
		return -1;
	}
	if (dialer_open(&common->dialer, loop) == -1)
		die(STATUS_FAILED, "out of memory");
	open_accounts(pool);
	return 0;
}

void
pool_close(struct pool *pool)
{
	for (unsigned i = 0; i < pool->nslots; i++)
		if (pool->slots[i] != NULL)
			slot_drop(pool->slots[i]);
	for (size_t i = 0; i < pool->options->naccounts; i++) {
		upkeep_close(&pool->upkeeps[i]);
		identity_close(&pool->accounts[i]);
	}
	window_close(&pool->common.window);
	free(pool->slots);
	free(pool->upkeeps);
	free(pool->accounts);
	dialer_close(&pool->common.dialer);
	tls_close(&pool->common.tls);
}

/* Open the first in the queue whose identity may log in now. */
static int64_t
run_queue(struct pool *pool, int64_t now)
{
	int64_t next = TIMERS_NEVER;
	struct slot *slot;

	if (TAILQ_EMPTY(&pool->queue))
		return TIMERS_NEVER;
	if (now < pool->next_open)
		return pool->next_open;
	TAILQ_FOREACH(slot, &pool->queue, queue)
	{
		int64_t at = pacer_next(&slot->identity->logins, now);

		if (at <= now) {
			TAILQ_REMOVE(&pool->queue, slot, queue);
			pool->next_open = now + pool->options->open_interval;
			slot_start(slot);
			return pool->next_open;
		}
		if (at < next)
			next = at;
	}
	return next;
}

/* Close a connection for good. */
static void
give_up(struct pool *pool, struct slot *slot, const char *reason)
{
	if (slot->client.attached)
		feed_disconnected(pool->feed, slot->number, reason);
	slot_drop(slot);
}

void
pool_refuse(struct pool *pool, struct identity *account, const char *reason)
{
	account->refused = true;
	log_error("account '%s': %s", account->account, reason);
	for (unsigned i = 0; i < pool->nslots; i++)
		if (pool->slots[i] != NULL &&
		    pool->slots[i]->identity == account)
			give_up(pool, pool->slots[i], reason);
	for (size_t i = 0; i < pool->options->naccounts; i++)
		if (!pool->accounts[i].refused)
			return;
	pool->exit = STATUS_CREDENTIALS;
}

/* True if the others of its side can take all channels. */
static bool
is_needless(struct pool *pool, struct slot *slot)
{
	size_t rest;

	if (slot->replaced || slot->predecessor != NULL ||
	    slot->client.count > 0)
		return false;
	slot->identity->staying[slot->side]--;
	pool->staying[slot->side]--;
	rest = capacity(pool, slot->side);
	slot->identity->staying[slot->side]++;
	pool->staying[slot->side]++;
	return rest >= pool->reconcile->desired;
}

/* Close connections that hold no channel and that nobody needs. */
static int64_t
trim(struct pool *pool, int64_t now)
{
	size_t needed = reconcile_clients_needed(pool->reconcile);
	bool many = false;

	for (unsigned side = 0; side < pool->reconcile->sides; side++)
		many |= pool->staying[side] > needed;
	if (!many)
		return TIMERS_NEVER;
	if (now < pool->next_trim)
		return pool->next_trim;
	pool->next_trim = now + POOL_TRIM;
	for (unsigned i = pool->nslots; i-- > 0;)
		if (pool->slots[i] != NULL && is_needless(pool, pool->slots[i]))
			give_up(pool, pool->slots[i], "not needed any more");
	return pool->next_trim;
}

int64_t
pool_run(struct pool *pool, int64_t now)
{
	size_t desired = pool->reconcile->desired;
	bool room = true;
	int64_t open, close;

	for (unsigned side = 0; side < pool->reconcile->sides; side++)
		room &= fill(pool, side);
	if (!room && !pool->short_of_room && is_full(pool))
		log_warn("the limit on file descriptors allows %zu "
			 "connections, too few for the %zu wanted channels: "
			 "some wait (see ulimit -n, LimitNOFILE)",
		    pool->most, desired);
	else if (!room && !pool->short_of_room)
		log_warn(
		    "the %zu wanted channels are more than the accounts may join",
		    desired);
	pool->short_of_room = !room;
	close = trim(pool, now);
	open = run_queue(pool, now);
	return open < close ? open : close;
}

bool
pool_reconnect(struct pool *pool, int64_t conn)
{
	bool found = conn < 0;

	for (unsigned i = 0; i < pool->nslots; i++) {
		struct slot *slot = pool->slots[i];

		if (slot == NULL || (conn >= 0 && i != conn))
			continue;
		found = true;
		slot_replace(slot, RECONNECT_COMMAND);
	}
	return found;
}

void
pool_pause(struct pool *pool, bool paused)
{
	pool->common.paused = paused;
	for (unsigned i = 0; i < pool->nslots; i++)
		if (pool->slots[i] != NULL)
			conn_pause(&pool->slots[i]->conn);
}

void
pool_fall_behind(struct pool *pool)
{
	for (unsigned i = 0; i < pool->nslots; i++)
		if (pool->slots[i] != NULL)
			conn_fall_behind(&pool->slots[i]->conn);
}
