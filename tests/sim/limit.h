#ifndef SIM_LIMIT_H
#define SIM_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/* Twitch's limits are so many in any 10 seconds. */
enum { LIMIT_PERIOD = 10000 };

/*
 * At most `max` in any LIMIT_PERIOD ms, on clock_mono(). Zero-initialise one
 * and set max, 1 or more; 0 is no limit.
 */
struct limit {
	unsigned max;
	unsigned next;  /* where the oldest stands once all are in use */
	int64_t *times; /* of the last max; allocated by the first */
};

/*
 * One more, now. False when it is one too many; it then counts for nothing.
 */
bool limit_take(struct limit *l);

void limit_free(struct limit *l);

#endif
