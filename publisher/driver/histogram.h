#ifndef PUBLISHER_DRIVER_HISTOGRAM_H
#define PUBLISHER_DRIVER_HISTOGRAM_H

#include <stdint.h>

#include "metrics.h"

/*
 * How long things took, how many they were, or how many bytes, as Prometheus
 * counts it. Zero-initialise one; `kind` may be set.
 */
enum { HISTOGRAM_BUCKETS = 16 };

enum histogram_kind { HISTOGRAM_TIMES, HISTOGRAM_SIZES, HISTOGRAM_BYTES };

struct histogram {
	enum histogram_kind kind;
	uint64_t counts[HISTOGRAM_BUCKETS + 1]; /* the last is unbounded */
	uint64_t count, sum;
};

/* Count a time in microseconds, or a size, or bytes. */
void histogram_add(struct histogram *h, int64_t v);

/* Say all of it, times in seconds, as the family of this name. */
void histogram_write(const struct histogram *h, struct metrics *m,
    const char *name, const char *help);

#endif
