#ifndef COLLECTOR_POOL_H
#define COLLECTOR_POOL_H

#include "feed.h"
#include "options.h"
#include "slot.h"
#include "upkeep.h"

/*
 * The connections: as many as the wanted channels fill, opened one at a time
 * at a distance, each opened again when it is lost. Numbered from 0; a number
 * is used again when its connection is given up.
 */
enum {
	POOL_TRIM = 1000 /* ms; how often to look for needless ones */
};

struct pool {
	struct conn_common common;
	const struct options *options;
	struct reconcile *reconcile;
	struct feed *feed;
	void (*line)(void *arg, struct slot *slot, struct slice line,
	    const struct peek *peek);
	void *arg;
	struct slot **slots; /* by number; NULL: not in use */
	unsigned nslots;
	unsigned staying[SIDES]; /* of each side, but those being replaced */
	TAILQ_HEAD(, slot) queue;
	int64_t next_open, next_trim;
	struct identity *accounts; /* options->naccounts of them */
	struct upkeep *upkeeps;    /* one for each */
	size_t most;               /* connections, as the system allows */
	bool short_of_room;        /* said already */
	int exit;                  /* -1; or the status to exit with now */
	uint64_t opened, lost;
	uint64_t reconnects[RECONNECTS];
};

/*
 * line and arg are called for each line. Returns 0, or -1 after an error
 * that was logged.
 */
int pool_open(struct pool *pool, struct loop *loop,
    const struct options *options, struct reconcile *reconcile,
    struct feed *feed);
void pool_close(struct pool *pool);

/*
 * Open what is to be opened, close what nobody needs. Returns when to call
 * again at the latest.
 */
int64_t pool_run(struct pool *pool, int64_t now);

/* One connection more, in the queue; see slot_open. */
struct slot *pool_add(struct pool *pool, struct identity *account,
    unsigned side, struct slot *predecessor);

/*
 * Replace this connection; all of them if conn is negative. False when there
 * is none of that number.
 */
bool pool_reconnect(struct pool *pool, int64_t conn);

/*
 * The account has no token that works: say so, and end what runs on it. When
 * that was the last account, nothing can work any more.
 */
void pool_refuse(struct pool *pool, struct identity *account,
    const char *reason);

/* Read nothing until it is called again with false. */
void pool_pause(struct pool *pool, bool paused);

/* Nothing was read for a while: see conn_fall_behind. */
void pool_fall_behind(struct pool *pool);

#endif
