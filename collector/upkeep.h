#ifndef COLLECTOR_UPKEEP_H
#define COLLECTOR_UPKEEP_H

#include "identity.h"
#include "loop.h"
#include "token.h"

/*
 * An account that is in use is asked for its token again and again, though
 * connections need one only to log in: the token command renews it in time,
 * and has Twitch validate it, as Twitch wants hourly. When the command says
 * that there is none any more, what runs on the account is ended. With a token
 * from the environment there is no command, and nothing happens.
 */
enum { UPKEEP_INTERVAL = 15 * 60 * 1000 /* ms */ };

struct pool;

struct upkeep {
	struct pool *pool;
	struct identity *account;
	struct token_request token;
	struct alarm alarm;
};

/* Begin; upkeep is zeroed and must not move. */
void upkeep_open(struct upkeep *upkeep, struct pool *pool,
    struct identity *account);
void upkeep_close(struct upkeep *upkeep);

#endif
