#ifndef PUBLISHER_KAFKA_REST_H
#define PUBLISHER_KAFKA_REST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The time between two attempts at what brokers may go on to refuse: it grows
 * until something works. Zero-initialise one.
 */
enum { REST_MIN = 100, REST_MAX = 5000 }; /* ms; doubling */

struct rest {
	int64_t length; /* ms, of the last; 0: there was none yet */
	int64_t until;  /* on clock_mono() */
};

/*
 * An attempt has failed at `now`; `fresh`: something has worked since the last
 * time. While a rest lasts it stays as it is.
 */
void rest_begin(struct rest *r, int64_t now, bool fresh);

/* When it ends, on clock_mono(); 0 if it is over, or there was none. */
int64_t rest_end(const struct rest *r, int64_t now);

#endif
