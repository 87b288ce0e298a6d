#include "histogram.h"

#include <stdio.h>

static const int64_t bounds[][HISTOGRAM_BUCKETS] = {
    [HISTOGRAM_TIMES] = {1000, 2000, 5000, 10000, 15000, 20000, 30000, 50000,
	100000, 200000, 500000, 1000000, 2000000, 5000000, 10000000, 60000000},
    [HISTOGRAM_SIZES] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000,
	10000, 20000, 50000, 100000},
    [HISTOGRAM_BYTES] = {100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000,
	100000, 200000, 500000, 1000000, 2000000, 5000000, 10000000}};

/* How many make one of what is written. */
static const double units[] = {1e6, 1, 1};

void
histogram_add(struct histogram *h, int64_t v)
{
	int i = 0;

	while (i < HISTOGRAM_BUCKETS && v > bounds[h->kind][i])
		i++;
	h->counts[i]++;
	h->count++;
	h->sum += (uint64_t)v;
}

void
histogram_write(const struct histogram *h, struct metrics *m, const char *name,
    const char *help)
{
	double unit = units[h->kind];
	uint64_t below = 0;
	char label[32];

	metrics_family(m, name, "histogram", help);
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		below += h->counts[i];
		snprintf(label, sizeof(label), "le=\"%g\"",
		    (double)bounds[h->kind][i] / unit);
		metrics_part(m, "_bucket", label, (double)below);
	}
	metrics_part(m, "_bucket", "le=\"+Inf\"", (double)h->count);
	metrics_part(m, "_sum", NULL, (double)h->sum / unit);
	metrics_part(m, "_count", NULL, (double)h->count);
}
