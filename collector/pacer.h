#ifndef COLLECTOR_PACER_H
#define COLLECTOR_PACER_H

#include <stdint.h>

/*
 * A limit of so many attempts in any window of time, kept exactly: it
 * remembers when each of the last `limit` attempts was made. (A token bucket
 * would allow nearly twice the limit in a window that begins with it full.)
 */
struct pacer {
	int64_t *at; /* a ring of the last attempts; NULL: none made yet */
	unsigned limit, next;
	int64_t window;
};

/* limit is at least 1, the window in milliseconds. */
void pacer_open(struct pacer *p, unsigned limit, int64_t window);
void pacer_close(struct pacer *p);

/* How many attempts may be made now, at most max. */
unsigned pacer_allowance(const struct pacer *p, int64_t now, unsigned max);

/* When the next attempt may be made: now, or later. */
int64_t pacer_next(const struct pacer *p, int64_t now);

/* n attempts are made now; n is within the allowance. */
void pacer_charge(struct pacer *p, int64_t now, unsigned n);

#endif
