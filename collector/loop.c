#include "loop.h"

#include <errno.h>
#include <unistd.h>

#include "clock.h"
#include "owner.h"

enum { WAIT_MAX = 60000 };

int
loop_open(struct loop *loop)
{
	*loop = (struct loop){
	    .fd = epoll_create1(EPOLL_CLOEXEC), .woken = clock_mono()};
	return loop->fd == -1 ? -1 : 0;
}

void
loop_close(struct loop *loop)
{
	close(loop->fd);
	timers_close(&loop->timers);
}

int
loop_watch(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};
	int op = watch->events == 0 ? EPOLL_CTL_ADD :
	    events == 0             ? EPOLL_CTL_DEL :
				      EPOLL_CTL_MOD;

	if (watch->events == events)
		return 0;
	if (epoll_ctl(loop->fd, op, watch->fd, &event) == -1)
		return -1;
	watch->events = events;
	for (int i = loop->next; events == 0 && i < loop->n; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
	return 0;
}

void
loop_alarm(struct loop *loop, struct alarm *alarm, int64_t at)
{
	timers_set(&loop->timers, &alarm->timer, at);
}

void
loop_cancel(struct loop *loop, struct alarm *alarm)
{
	timers_cancel(&loop->timers, &alarm->timer);
}

/* Milliseconds until then, for epoll_wait(2). */
static int
wait_until(int64_t until)
{
	int64_t left = until - clock_mono();

	return left < 0 ? 0 : left > WAIT_MAX ? WAIT_MAX : (int)left;
}

/* It is awake, after so many milliseconds at most if all is well. */
static void
note_waking(struct loop *loop, int most)
{
	int64_t now = clock_mono();

	if (now - loop->woken >= most + LOOP_LATE && loop->late != NULL)
		loop->late(loop->arg);
	loop->woken = now;
}

int
loop_turn(struct loop *loop, int64_t until)
{
	struct timer *timer;
	int64_t now;
	int most;

	if (timers_next(&loop->timers) < until)
		until = timers_next(&loop->timers);
	most = wait_until(until);
	loop->n = epoll_wait(loop->fd, loop->batch, LOOP_BATCH, most);
	if (loop->n == -1 && errno != EINTR)
		return -1;
	note_waking(loop, most);
	for (loop->next = 0; loop->next < loop->n;) {
		struct epoll_event *event = &loop->batch[loop->next++];
		struct watch *watch = event->data.ptr;

		if (watch != NULL)
			watch->ready(watch->arg, event->events);
	}
	now = clock_mono();
	while ((timer = timers_due(&loop->timers, now)) != NULL) {
		struct alarm *alarm = OWNER(timer, struct alarm, timer);

		alarm->due(alarm->arg);
	}
	return 0;
}
