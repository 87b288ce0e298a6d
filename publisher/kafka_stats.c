#include "kafka_stats.h"

#include <stdlib.h>

#include "scan.h"

static void
add_broker(struct slice broker, int *up, uint64_t *retries)
{
	struct scan_member m;
	struct scan scan;

	scan_open(&scan, broker);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("state")))
			*up += slice_eq(m.value, SLICE("UP"));
		else if (slice_eq(m.key, SLICE("txretries")))
			*retries += strtoull(m.value.p, NULL, 10);
	}
}

void
kafka_stats_read(struct slice json, int *up, uint64_t *retries)
{
	struct scan_member m, broker;
	struct scan scan, brokers;

	*up = 0;
	*retries = 0;
	scan_open(&scan, json);
	while (scan_next(&scan, &m)) {
		if (!slice_eq(m.key, SLICE("brokers")))
			continue;
		scan_open(&brokers, m.value);
		while (scan_next(&brokers, &broker))
			add_broker(broker.value, up, retries);
	}
}
