#ifndef PUBLISHER_DRIVER_SUMMARY_H
#define PUBLISHER_DRIVER_SUMMARY_H

#include "metrics.h"

/*
 * What somebody else has measured and tells in quantiles, as Prometheus' type
 * of that name. Zero-initialise one.
 */
enum { SUMMARY_QUANTILES = 5 }; /* 0.5, 0.75, 0.9, 0.95, 0.99 */

struct summary {
	double quantiles[SUMMARY_QUANTILES]; /* of late */
	double sum, count;                   /* since the start */
};

/* Say all of it as the family of this name. */
void summary_write(const struct summary *s, struct metrics *m, const char *name,
    const char *help);

#endif
