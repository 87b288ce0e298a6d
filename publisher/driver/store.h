#ifndef PUBLISHER_DRIVER_STORE_H
#define PUBLISHER_DRIVER_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "sink.h"
#include "slice.h"
#include "status.h"

/*
 * A store: a destination that takes a batch of records at a time, by calls
 * that wait. They run in a thread of their own, so that a store that is slow
 * or away never keeps the driver from reading, and each store is plain code
 * from top to bottom.
 */
enum { STORE_WHY_MAX = 512 };

enum store_result {
	STORE_DONE,    /* all of the batch is there, for good */
	STORE_RETRY,   /* try the same batch again, in a while */
	STORE_REFUSED, /* a record of it is at fault */
	STORE_FATAL    /* a setting is wrong; once a batch was written: RETRY */
};

struct store_batch {
	const struct slice *records; /* borrowed for the call */
	size_t count;                /* at least 1; for connect: 0 */
	size_t bad;              /* STORE_REFUSED: which record; count: any */
	enum status status;      /* STORE_FATAL: what to exit with */
	char why[STORE_WHY_MAX]; /* what is wrong, unless STORE_DONE */
};

struct store_ops {
	/*
	 * Be connected: see that the store answers, and has all it needs.
	 * Called first of all; after STORE_RETRY, before a write is tried
	 * again; and when there has been nothing to write for a while. Never
	 * returns STORE_REFUSED.
	 */
	enum store_result (*connect)(void *store, struct store_batch *batch);

	/*
	 * Put a batch where it belongs, and wait until it is there. After
	 * STORE_RETRY, a crash or a restart the same records come again,
	 * alone or in other company, though some may be there already: that
	 * must make no second row. After STORE_REFUSED none of the batch
	 * counts as written; it comes again in parts.
	 */
	enum store_result (*write)(void *store, struct store_batch *batch);

	/* Leave the store. */
	void (*close)(void *store);

	/*
	 * Why a record can never be stored, or NULL when it may be; so that
	 * what is plainly no row spoils no batch. Called by the driver while
	 * others run. NULL: there is nothing to look for.
	 */
	const char *(*check)(void *store, struct slice record);
};

struct store {
	/* Set by the caller; all else zero. */
	const struct store_ops *ops;
	void *store;
	size_t rows_max;  /* write a batch when it has so many records */
	size_t bytes_max; /* or when the next would make it longer than this, */
			  /* which is at least the sink's record_max */
	int64_t linger;   /* or when its first record is this many ms old */
	struct sink *sink;

	enum status status;      /* why store_open failed: what to exit with, */
	char why[STORE_WHY_MAX]; /* and what to say */
	struct store_thread *thread; /* of store.c */
};

/*
 * Make it the destination of its sink, whose ops, dest and fd this sets, start
 * the thread, and wait until it has tried to connect, or a stop is requested.
 * Returns 0, also when it will have to try again; or -1 when there is no going
 * on, status and why say why, and all is closed.
 */
int store_open(struct store *st);

/*
 * End the thread and leave the store. A call that still waits is not waited
 * for: its batch has been said to be abandoned. It may go on until the program
 * ends, so let *st, its sink and its store be static.
 */
void store_close(struct store *st);

/*
 * The whole life of a publisher: open, publish what comes on fd, close.
 * Returns the exit status: of sink_run, or of an open that failed, whose reason
 * was said.
 */
enum status store_run(struct store *st, int fd);

#endif
