#include "timers.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static void
put(struct timers *t, size_t place, struct timer *timer)
{
	t->heap[place] = timer;
	timer->place = place;
}

static void
sift_up(struct timers *t, size_t place, struct timer *timer)
{
	while (place > 1 && t->heap[place / 2]->at > timer->at) {
		put(t, place, t->heap[place / 2]);
		place /= 2;
	}
	put(t, place, timer);
}

static void
sift_down(struct timers *t, size_t place, struct timer *timer)
{
	for (;;) {
		size_t child = 2 * place;

		if (child < t->n && t->heap[child + 1]->at < t->heap[child]->at)
			child++;
		if (child > t->n || t->heap[child]->at >= timer->at)
			break;
		put(t, place, t->heap[child]);
		place = child;
	}
	put(t, place, timer);
}

void
timers_set(struct timers *t, struct timer *timer, int64_t at)
{
	timers_cancel(t, timer);
	if (t->n + 1 >= t->cap) {
		t->cap = t->cap == 0 ? 64 : 2 * t->cap;
		t->heap = memory_grow(t->heap, t->cap, sizeof(*t->heap));
	}
	timer->at = at;
	sift_up(t, ++t->n, timer);
}

void
timers_cancel(struct timers *t, struct timer *timer)
{
	struct timer *last;
	size_t place = timer->place;

	if (place == 0)
		return;
	timer->place = 0;
	last = t->heap[t->n--];
	if (last == timer)
		return;
	if (place > 1 && t->heap[place / 2]->at > last->at)
		sift_up(t, place, last);
	else
		sift_down(t, place, last);
}

int64_t
timers_next(const struct timers *t)
{
	return t->n == 0 ? TIMERS_NEVER : t->heap[1]->at;
}

struct timer *
timers_due(struct timers *t, int64_t now)
{
	struct timer *timer;

	if (timers_next(t) > now)
		return NULL;
	timer = t->heap[1];
	timers_cancel(t, timer);
	return timer;
}

void
timers_close(struct timers *t)
{
	free(t->heap);
	memset(t, 0, sizeof(*t));
}
