#ifndef SIM_ACCOUNT_H
#define SIM_ACCOUNT_H

#include <stddef.h>

#include "config.h"
#include "limit.h"
#include "slice.h"

/*
 * Whom a limit binds: an account, over all its connections, or one anonymous
 * connection.
 */
struct identity {
	char *login, *token;        /* NULL of an anonymous one */
	struct limit joins, logins; /* in 10 s */
	unsigned rooms, rooms_max;  /* different ones, now and at most */
};

struct accounts {
	struct identity *account;
	size_t count;
};

/*
 * The accounts of --account and --accounts. Ends the program when one of them
 * is not LOGIN=TOKEN. accounts_free frees them.
 */
void accounts_load(struct accounts *accounts, const struct config *config);
void accounts_free(struct accounts *accounts);

/* The account of this login, or NULL. */
struct identity *accounts_find(const struct accounts *accounts,
    struct slice login);

#endif
