#include "kafka_stats.h"

#include <stdlib.h>

#include "scan.h"

/* Of the topics' window statistics. */
struct window {
	double sum, count;
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

static void
add_window(struct slice json, struct window *w)
{
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, json);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("sum")))
			w->sum += strtod(m.value.p, NULL);
		else if (slice_eq(m.key, SLICE("cnt")))
			w->count += strtod(m.value.p, NULL);
	}
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

static double
mean(const struct window *w)
{
	return w->count > 0 ? w->sum / w->count : 0;
}

void
kafka_stats_read(struct slice json, struct kafka_stats *stats)
{
	struct window records = {0}, bytes = {0};
	struct scan_member m, each;
	struct scan scan, inner;

	*stats = (struct kafka_stats){0};
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
	stats->batch_records = mean(&records);
	stats->batch_bytes = mean(&bytes);
}
