#ifndef PUBLISHER_HISTOGRAM_H
#define PUBLISHER_HISTOGRAM_H

#include <stdint.h>

#include "metrics.h"

/* How long things took, as Prometheus counts it. Zero-initialise one. */
enum { HISTOGRAM_BUCKETS = 16 };

struct histogram {
	uint64_t counts[HISTOGRAM_BUCKETS + 1]; /* the last is unbounded */
	uint64_t count, sum;
};

/* Count a time in microseconds. */
void histogram_add(struct histogram *h, int64_t us);

/* Say all of it, in seconds, as the family of this name. */
void histogram_write(const struct histogram *h, struct metrics *m,
    const char *name, const char *help);

#endif
