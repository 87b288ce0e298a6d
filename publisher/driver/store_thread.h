#ifndef PUBLISHER_DRIVER_STORE_THREAD_H
#define PUBLISHER_DRIVER_STORE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "histogram.h"
#include "store.h"

/*
 * What a store's driver and its thread share: store.c has the one's side,
 * store_thread.c the other's.
 */
struct store_entry {
	uint64_t number;
	int64_t taken; /* store_now() */
	bool refused;  /* once it is settled; else it is written */
	char *why;     /* it was refused; NULL when out of memory */
};

/* The driver fills one while the thread writes the other. */
struct store_filled {
	struct slice *records; /* in bytes */
	struct store_entry *entries;
	char *bytes;
	size_t count, len;
	size_t settled; /* the first so many are written or refused, */
	size_t told;    /* and so many of them the sink knows of */
	int64_t since;  /* when the first came, store_now() */
	bool full;      /* another one had no room */
};

struct store_thread {
	pthread_t id;
	bool connected;       /* the thread's own */
	pthread_mutex_t lock; /* of all below, but the records of *writing, */
	pthread_cond_t news;  /* which the thread reads without it */
	struct store_filled batches[2], *filling, *writing;
	bool hurry;  /* do not linger */
	bool busy;   /* in a call of the store */
	bool ending; /* no call is to follow */
	enum status status;
	char why[STORE_WHY_MAX];
	bool tried; /* a call has ended */
	bool up;    /* the last call succeeded */
	uint64_t retries;
	struct histogram sizes, bytes, times; /* of batches written */
};

/* Microseconds on a clock that never goes back. */
int64_t store_now(void);

/* Start the thread of a store. Returns 0, or an errno. */
int store_thread_start(struct store *st);

#endif
