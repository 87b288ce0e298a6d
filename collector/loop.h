#ifndef COLLECTOR_LOOP_H
#define COLLECTOR_LOOP_H

#include <sys/epoll.h>

#include "timers.h"

/*
 * The one loop: descriptors and alarms. A watch and an alarm live inside
 * what they belong to, which may remove them, and free itself, at any time,
 * also while another one's turn is on.
 */
enum { LOOP_BATCH = 256, LOOP_LATE = 1000 /* ms */ };

struct watch {
	int fd;
	uint32_t events; /* epoll(7)'s; 0: not watched */
	void (*ready)(void *arg, uint32_t events);
	void *arg;
};

struct alarm {
	struct timer timer;
	void (*due)(void *arg);
	void *arg;
};

struct loop {
	int fd;
	struct timers timers;
	int64_t woken; /* when it last was, on clock_mono() */
	/* It wakes LOOP_LATE or more after its time, as when the process was
	   stopped: what it now finds may have been there for long. NULL: that
	   is all one. */
	void (*late)(void *arg);
	void *arg;
	struct epoll_event batch[LOOP_BATCH];
	int next, n; /* of the batch: not handled yet */
};

/* Returns 0, or -1 with errno set. */
int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/*
 * Watch watch->fd for these events from now on, for 0 no more. Returns 0, or
 * -1 with errno set: EPERM for a descriptor that is always ready, a file.
 */
int loop_watch(struct loop *loop, struct watch *watch, uint32_t events);

/* Wake it once at this time on clock_mono(), or not any more. */
void loop_alarm(struct loop *loop, struct alarm *alarm, int64_t at);
void loop_cancel(struct loop *loop, struct alarm *alarm);

/*
 * Wait, until `until` at the latest, handle what is ready and then what is
 * due. Returns 0, or -1 with errno set.
 */
int loop_turn(struct loop *loop, int64_t until);

#endif
