#ifndef COLLECTOR_HANGUP_H
#define COLLECTOR_HANGUP_H

#include "loop.h"

/* SIGHUP, on the loop. */
struct hangup {
	struct watch watch;
	void (*hook)(void *arg);
	void *arg;
};

/* From now on SIGHUP calls the hook. Returns 0, or -1 with errno set. */
int hangup_open(struct hangup *h, struct loop *loop, void (*hook)(void *arg),
    void *arg);

#endif
