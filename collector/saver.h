#ifndef COLLECTOR_SAVER_H
#define COLLECTOR_SAVER_H

#include <pthread.h>

#include "loop.h"

/*
 * A file that is replaced off the loop: fsync(2) may take seconds on a busy
 * disk, and PINGs do not wait. Each writing has a thread of its own, one at a
 * time, which touches nothing but the bytes that it was given.
 */
struct saver {
	struct loop *loop;
	const char *path; /* the caller's */
	void (*done)(void *arg, int error);
	void *arg;
	struct watch ended; /* an eventfd(2) */
	pthread_t thread;
	bool busy;
	char *text;
	size_t len;
	int error; /* the thread's, until it has ended */
};

/*
 * done, with an errno or 0, follows each writing. Returns 0, or -1 with errno
 * set.
 */
int saver_open(struct saver *saver, struct loop *loop, const char *path,
    void (*done)(void *arg, int error), void *arg);
void saver_close(struct saver *saver);

/*
 * Replace the file by this text, from malloc(3), which is the saver's from
 * now on; not while it is busy.
 */
void saver_write(struct saver *saver, char *text, size_t len);

/* Wait for the writing that is under way. */
void saver_wait(struct saver *saver);

#endif
