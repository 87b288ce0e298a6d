#ifndef COLLECTOR_IDENTITY_H
#define COLLECTOR_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "channels.h"
#include "pacer.h"

/*
 * Whom Twitch counts its limits against: an account, with all its
 * connections, or one anonymous connection.
 */
struct identity {
	const char *account; /* NULL: anonymous */
	struct pacer joins;
	struct pacer logins;
	unsigned connections;    /* opened, or to be opened */
	unsigned staying[SIDES]; /* of them, but those being replaced */
	unsigned rooms;          /* channels it is in, or is joining */
	unsigned rooms_max;      /* as far as is known now */
	unsigned rooms_limit;    /* as the options have it */
	struct timer timer;      /* until rooms_max is back there */
	bool refused;            /* it has no token that works */
	TAILQ_HEAD(, client) clients;
	struct seats waiting[SIDES]; /* see lobby.h */
};

/*
 * Twitch's limits and the windows they hold in. A window is a second longer
 * here than at Twitch, since what is sent evenly may arrive unevenly.
 */
struct limits {
	unsigned joins, logins, rooms;
};

enum {
	LIMITS_JOINS = 20,  /* join attempts in ten seconds */
	LIMITS_LOGINS = 20, /* logins in ten seconds */
	LIMITS_ROOMS = 100, /* channels at the same time */
	LIMITS_WINDOW = 11000
};

/* account is NULL for an anonymous connection, else it stays the caller's. */
void identity_open(struct identity *identity, const char *account,
    const struct limits *limits);
void identity_close(struct identity *identity);

#endif
