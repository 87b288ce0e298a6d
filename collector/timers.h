#ifndef COLLECTOR_TIMERS_H
#define COLLECTOR_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Deadlines, soonest first: a binary heap of timers that live inside what
 * they belong to. No clock: the caller says what time it is. Setting and
 * cancelling cost O(log n) of the timers that are set, and next to nothing
 * for one that is set to be the last.
 */
struct timer {
	int64_t at;
	size_t place; /* in the heap, from 1; 0: not set */
	int kind;     /* the owner's: what it belongs to */
};

struct timers {
	struct timer **heap; /* heap[1] is the soonest */
	size_t n, cap;
};

#define TIMERS_NEVER INT64_MAX

/* Set it, or move it. It stays the caller's and must not move in memory. */
void timers_set(struct timers *t, struct timer *timer, int64_t at);

/* Nothing happens when it was not set. */
void timers_cancel(struct timers *t, struct timer *timer);

/* When the soonest is due, TIMERS_NEVER when none is set. */
int64_t timers_next(const struct timers *t);

/* Take one that is due at `now`, or NULL. */
struct timer *timers_due(struct timers *t, int64_t now);

/* Free the heap; the timers are the owners'. */
void timers_close(struct timers *t);

#endif
