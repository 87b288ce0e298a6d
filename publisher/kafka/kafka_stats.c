#include "kafka_stats.h"

#include <stdlib.h>

#include "scan.h"

/* What a topic, or all of them, had since the last statistics. */
struct window {
	double sum, count;
	double quantiles[SUMMARY_QUANTILES]; /* each count times */
};

static void
add_broker(struct slice broker, struct kafka_stats *stats)
{
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, broker);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("state")))
			stats->up += slice_eq(m.value, SLICE("UP"));
		else if (slice_eq(m.key, SLICE("txretries")))
			stats->retries += strtoull(m.value.p, NULL, 10);
	}
}

/* Which quantile a member of a window is; -1 for none. */
static int
quantile(struct slice key)
{
	static const char keys[SUMMARY_QUANTILES][4] = {
	    "p50", "p75", "p90", "p95", "p99"};
	int i = SUMMARY_QUANTILES;

	while (--i >= 0 && !slice_eq(key, slice_of(keys[i])))
		;
	return i;
}

static void
add_window(struct slice json, struct window *all)
{
	struct window w = {0};
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, json);
	while (scan_next(&scan, &m)) {
		double v = strtod(m.value.p, NULL);
		int q = quantile(m.key);

		if (q != -1)
			w.quantiles[q] = v;
		else if (slice_eq(m.key, SLICE("sum")))
			w.sum = v;
		else if (slice_eq(m.key, SLICE("cnt")))
			w.count = v;
	}
	all->sum += w.sum;
	all->count += w.count;
	for (int i = 0; i < SUMMARY_QUANTILES; i++)
		all->quantiles[i] += w.quantiles[i] * w.count;
}

static void
add_topic(struct slice topic, struct window *records, struct window *bytes)
{
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, topic);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("batchcnt")))
			add_window(m.value, records);
		else if (slice_eq(m.key, SLICE("batchsize")))
			add_window(m.value, bytes);
	}
}

static void
add_to_summary(const struct window *w, struct summary *s)
{
	if (w->count <= 0)
		return;
	s->sum += w->sum;
	s->count += w->count;
	for (int i = 0; i < SUMMARY_QUANTILES; i++)
		s->quantiles[i] = w->quantiles[i] / w->count;
}

void
kafka_stats_read(struct slice json, struct kafka_stats *stats)
{
	struct window records = {0}, bytes = {0};
	struct scan_member m, each;
	struct scan scan, inner;

	stats->up = 0;
	stats->retries = 0;
	scan_open(&scan, json);
	while (scan_next(&scan, &m)) {
		scan_open(&inner, m.value);
		if (slice_eq(m.key, SLICE("brokers")))
			while (scan_next(&inner, &each))
				add_broker(each.value, stats);
		else if (slice_eq(m.key, SLICE("topics")))
			while (scan_next(&inner, &each))
				add_topic(each.value, &records, &bytes);
	}
	add_to_summary(&records, &stats->batch_records);
	add_to_summary(&bytes, &stats->batch_bytes);
}
