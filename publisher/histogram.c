#include "histogram.h"

#include <stdio.h>

static const int64_t bounds[HISTOGRAM_BUCKETS] = {1000, 2000, 5000, 10000,
    15000, 20000, 30000, 50000, 100000, 200000, 500000, 1000000, 2000000,
    5000000, 10000000, 60000000};

void
histogram_add(struct histogram *h, int64_t us)
{
	int i = 0;

	while (i < HISTOGRAM_BUCKETS && us > bounds[i])
		i++;
	h->counts[i]++;
	h->count++;
	h->sum += (uint64_t)us;
}

void
histogram_write(const struct histogram *h, struct metrics *m, const char *name,
    const char *help)
{
	uint64_t below = 0;
	char label[32];

	metrics_family(m, name, "histogram", help);
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		below += h->counts[i];
		snprintf(label, sizeof(label), "le=\"%g\"",
		    (double)bounds[i] / 1e6);
		metrics_part(m, "_bucket", label, (double)below);
	}
	metrics_part(m, "_bucket", "le=\"+Inf\"", (double)h->count);
	metrics_part(m, "_sum", NULL, (double)h->sum / 1e6);
	metrics_part(m, "_count", NULL, (double)h->count);
}
