#ifndef SIM_PACE_H
#define SIM_PACE_H

#include <stdint.h>

/*
 * So many a second, exact over time: what one look at the clock could not
 * give, the next does. After a second in which nothing was taken the rest is
 * forgone, so that a pause is not followed by a flood.
 */
struct pace {
	int64_t rate;   /* a second */
	int64_t at;     /* clock_mono() of the last look; 0: at rest */
	int64_t credit; /* thousandths */
};

/* How many are due now. */
int64_t pace_due(struct pace *p);

/* n of them were taken. */
void pace_take(struct pace *p, int64_t n);

/* Nobody takes any now: time begins to count with the next pace_due. */
void pace_rest(struct pace *p);

/* Milliseconds until one is due, 0 if one is; -1 at a rate of 0. */
int pace_wait(const struct pace *p);

#endif
