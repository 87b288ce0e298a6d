#include "slot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backoff.h"
#include "clock.h"
#include "log.h"
#include "owner.h"
#include "pool.h"
#include "random.h"
#include "status.h"

static void
set_state(struct slot *slot, enum slot_state state)
{
	slot->state = state;
	slot->since = clock_mono();
	slot->pool->reconcile->changed = true;
}

void
slot_enqueue(struct slot *slot)
{
	struct slot *other;

	set_state(slot, SLOT_QUEUED);
	TAILQ_FOREACH(other, &slot->pool->queue, queue)
	{
		if (slot->predecessor != NULL && other->predecessor == NULL)
			break;
	}
	if (other != NULL)
		TAILQ_INSERT_BEFORE(other, slot, queue);
	else
		TAILQ_INSERT_TAIL(&slot->pool->queue, slot, queue);
}

static void
on_backoff_over(void *arg)
{
	slot_enqueue(arg);
}

void
slot_open(struct slot *slot, struct pool *pool, struct identity *account,
    unsigned side, struct slot *predecessor)
{
	slot->pool = pool;
	slot->side = side;
	slot->predecessor = predecessor;
	identity_open(&slot->own, NULL, &pool->options->limits);
	slot->identity = account == NULL ? &slot->own : account;
	slot->identity->connections++;
	slot->identity->staying[side]++;
	pool->staying[side]++;
	slot->alarm = (struct alarm){.due = on_backoff_over, .arg = slot};
	conn_open(&slot->conn, &pool->common);
}

/* It stays no longer; its number may be in use a while yet. */
static void
stop_staying(struct slot *slot)
{
	if (slot->replaced)
		return;
	slot->identity->staying[slot->side]--;
	slot->pool->staying[slot->side]--;
}

void
slot_drop(struct slot *slot)
{
	struct pool *pool = slot->pool;

	if (slot->state == SLOT_QUEUED)
		TAILQ_REMOVE(&pool->queue, slot, queue);
	loop_cancel(pool->common.loop, &slot->alarm);
	token_stop(&slot->token);
	reconcile_detach(pool->reconcile, &slot->client, slot->conn.complete,
	    clock_mono(), clock_mono());
	conn_close(&slot->conn);
	if (slot->successor != NULL)
		slot->successor->predecessor = NULL;
	if (slot->predecessor != NULL)
		slot->predecessor->successor = NULL;
	stop_staying(slot);
	slot->identity->connections--;
	identity_close(&slot->own);
	pool->slots[slot->number] = NULL;
	pool->reconcile->changed = true;
	free(slot);
}

static void
back_off(struct slot *slot, const char *reason)
{
	static struct log_limit limit;
	unsigned long held;
	int64_t delay;

	delay = random_below((uint32_t)backoff_delay(++slot->failures,
				 SLOT_RETRY_FIRST, SLOT_RETRY_MOST) +
	    1);
	set_state(slot, SLOT_BACKOFF);
	loop_alarm(slot->pool->common.loop, &slot->alarm, clock_mono() + delay);
	feed_reconnecting(slot->pool->feed, slot->number, delay, reason);
	if (log_limit(&limit, &held))
		log_warn("connection %u: %s; again in %.1f s", slot->number,
		    reason, (double)delay / 1000);
}

static void
start_conn(struct slot *slot, const char *token)
{
	struct identity *id = slot->identity;

	set_state(slot, SLOT_OPEN);
	slot->pool->opened++;
	pacer_charge(&id->logins, clock_mono(), 1);
	conn_start(&slot->conn, id->account, token);
}

static void
on_token(void *arg, enum token_result result, const char *token)
{
	struct slot *slot = arg;
	struct pool *pool = slot->pool;

	pool->feed->now = clock_wall();
	switch (result) {
	case TOKEN_OK:
		start_conn(slot, token);
		break;
	case TOKEN_FAILED:
		back_off(slot, "the token command gave no token");
		break;
	case TOKEN_REFUSED:
		pool_refuse(pool, slot->identity,
		    "the token command has no token");
		break;
	case TOKEN_MISSING:
		log_error("cannot run the token command '%s'",
		    pool->options->token_command);
		pool->exit = STATUS_USAGE;
		break;
	}
}

void
slot_start(struct slot *slot)
{
	const struct options *options = slot->pool->options;
	const char *account = slot->identity->account;

	if (account == NULL || options->token != NULL) {
		start_conn(slot, account == NULL ? NULL : options->token);
		return;
	}
	set_state(slot, SLOT_TOKEN);
	slot->token.done = on_token;
	slot->token.arg = slot;
	if (token_start(&slot->token, slot->pool->common.loop,
		options->token_command, account, slot->refusals > 0) == -1)
		back_off(slot, strerror(errno));
}

static void
on_line(void *arg, struct conn *conn, struct slice line,
    const struct peek *peek)
{
	struct pool *pool = arg;

	pool->line(pool->arg, OWNER(conn, struct slot, conn), line, peek);
}

static void
on_logged_in(void *arg, struct conn *conn)
{
	struct slot *slot = OWNER(conn, struct slot, conn);
	struct pool *pool = arg;

	slot->refusals = 0;
	pool->reconcile->changed = true;
	log_debug("connection %u: logged in as '%s'", slot->number, conn->nick);
	feed_connected(pool->feed, slot->number, slot->identity->account);
	reconcile_attach(pool->reconcile, &slot->client, slot->identity,
	    slot->side);
	if (slot->predecessor != NULL)
		reconcile_inherit(pool->reconcile, &slot->predecessor->client,
		    &slot->client, clock_mono());
}

static void
on_drained(void *arg, struct conn *conn)
{
	struct pool *pool = arg;
	struct slot *slot = OWNER(conn, struct slot, conn);

	slot->client.busy = false;
	reconcile_ready(pool->reconcile, &slot->client);
}

/* The login was refused: one fresh token is asked for. */
static void
on_refused(struct slot *slot)
{
	struct pool *pool = slot->pool;
	struct identity *id = slot->identity;
	char reason[CONN_REASON_MAX];

	if (++slot->refusals == 1 && pool->options->token == NULL) {
		log_info("account '%s': %s; asking for a fresh token",
		    id->account, slot->conn.reason);
		slot_enqueue(slot);
		return;
	}
	/* The slot ends with the account. */
	memcpy(reason, slot->conn.reason, sizeof(reason));
	pool_refuse(pool, id, reason);
}

/* What the end of the connection means for its channels. */
static void
lose(struct slot *slot, enum conn_end how)
{
	/* Only if the server closed it, and all is read, it was alive. */
	bool alive =
	    (how == CONN_SHUT || how == CONN_LEFT) && !slot->conn.behind;
	int64_t now = clock_mono(), complete = slot->conn.complete;

	if (!slot->client.attached)
		return;
	slot->pool->lost += how != CONN_LEFT;
	feed_disconnected(slot->pool->feed, slot->number, slot->conn.reason);
	if (now - slot->since >= SLOT_STEADY)
		slot->failures = 0;
	reconcile_detach(slot->pool->reconcile, &slot->client, complete,
	    alive ? now : complete, now);
}

static void
on_ended(void *arg, struct conn *conn, enum conn_end how)
{
	static const enum reconnect reasons[] = {[CONN_LOST] = RECONNECT_ERROR,
	    [CONN_SHUT] = RECONNECT_CLOSED,
	    [CONN_SILENT] = RECONNECT_SILENT,
	    [CONN_MUTE] = RECONNECT_MUTE};
	struct pool *pool = arg;
	struct slot *slot = OWNER(conn, struct slot, conn);
	bool was_ready = slot->client.attached;

	pool->feed->now = clock_wall();
	lose(slot, how);
	if (slot->replaced) {
		slot_drop(slot);
	} else if (how == CONN_MISDIRECTED) {
		log_error("%s", conn->reason);
		pool->exit = STATUS_USAGE;
	} else if (how == CONN_LOGIN_REFUSED &&
	    slot->identity->account != NULL) {
		on_refused(slot);
	} else {
		pool->reconnects[was_ready ? reasons[how] : RECONNECT_SETUP]++;
		back_off(slot, conn->reason);
	}
}

const struct conn_hooks slot_hooks = {.line = on_line,
    .ready = on_logged_in,
    .drained = on_drained,
    .ended = on_ended};

struct slot *
slot_of(struct client *client)
{
	return OWNER(client, struct slot, client);
}

void
slot_replace(struct slot *slot, enum reconnect why)
{
	struct pool *pool = slot->pool;
	struct identity *account =
	    slot->identity == &slot->own ? NULL : slot->identity;

	if (!slot->client.attached || slot->replaced || slot->identity->refused)
		return;
	pool->reconnects[why]++;
	feed_reconnecting(pool->feed, slot->number, -1,
	    why == RECONNECT_SERVER ? "the server asks to reconnect" :
				      "a command asks to reconnect");
	stop_staying(slot);
	slot->replaced = true;
	slot->successor = pool_add(pool, account, slot->side, slot);
	reconcile_retire(pool->reconcile, &slot->client);
}

const char *
slot_reconnect_name(enum reconnect why)
{
	static const char *const names[RECONNECTS] = {
	    [RECONNECT_SERVER] = "server",
	    [RECONNECT_COMMAND] = "command",
	    [RECONNECT_CLOSED] = "closed",
	    [RECONNECT_SILENT] = "silent",
	    [RECONNECT_MUTE] = "mute",
	    [RECONNECT_ERROR] = "error",
	    [RECONNECT_SETUP] = "setup"};

	return names[why];
}

const char *
slot_state_name(const struct slot *slot)
{
	static const char *const names[] = {[SLOT_QUEUED] = "waiting",
	    [SLOT_TOKEN] = "token",
	    [SLOT_BACKOFF] = "backoff"};

	if (slot->replaced)
		return "replaced";
	return slot->state == SLOT_OPEN ? conn_state_name(slot->conn.state) :
					  names[slot->state];
}
