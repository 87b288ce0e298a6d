#ifndef PUBLISHER_KAFKA_KAFKA_STATS
#define PUBLISHER_KAFKA_KAFKA_STATS

#include <stdint.h>

#include "slice.h"

/* What we read of librdkafka's statistics. */
struct kafka_stats {
	int up;               /* brokers that are connected */
	uint64_t retries;     /* requests that were sent to one again */
	double batch_records; /* the mean of the last second's batches, */
	double batch_bytes;   /* all topics together; 0 when there is none */
};

/* Read its JSON, as its STATISTICS.md has it. What is not there is 0. */
void kafka_stats_read(struct slice json, struct kafka_stats *stats);

#endif
