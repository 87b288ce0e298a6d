#include "upkeep.h"

#include "clock.h"
#include "log.h"
#include "pool.h"

static void
wait_for_next(struct upkeep *u)
{
	loop_alarm(u->pool->common.loop, &u->alarm,
	    clock_mono() + u->pool->options->token_interval);
}

static void
on_token(void *arg, enum token_result result, const char *token)
{
	struct upkeep *u = arg;

	(void)token;
	if (result == TOKEN_REFUSED) {
		u->pool->feed->now = clock_wall();
		pool_refuse(u->pool, u->account,
		    "the token command has no token any more");
		return;
	}
	if (result != TOKEN_OK)
		log_warn("account '%s': the token command gave no token; "
			 "what is connected goes on",
		    u->account->account);
	wait_for_next(u);
}

static void
on_due(void *arg)
{
	struct upkeep *u = arg;

	if (u->account->refused)
		return;
	if (u->account->connections > 0 &&
	    token_start(&u->token, u->pool->common.loop,
		u->pool->options->token_command, u->account->account,
		false) == 0)
		return;
	wait_for_next(u);
}

void
upkeep_open(struct upkeep *u, struct pool *pool, struct identity *account)
{
	u->pool = pool;
	u->account = account;
	u->token.done = on_token;
	u->token.arg = u;
	u->alarm = (struct alarm){.due = on_due, .arg = u};
	if (pool->options->token == NULL)
		wait_for_next(u);
}

void
upkeep_close(struct upkeep *u)
{
	token_stop(&u->token);
	loop_cancel(u->pool->common.loop, &u->alarm);
}
