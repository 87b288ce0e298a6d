#ifndef PUBLISHER_KAFKA_KAFKA_STATS_H
#define PUBLISHER_KAFKA_KAFKA_STATS_H

#include <stdint.h>

#include "driver/summary.h"
#include "slice.h"

/* What we read of librdkafka's statistics. Zero-initialise one. */
struct kafka_stats {
	int up;           /* brokers that are connected */
	uint64_t retries; /* requests that were sent to one again */

	/*
	 * Of the batches of all topics together. The quantiles are those of
	 * the last time that there were any; where several topics had some,
	 * the mean of theirs, each counting as much as it had.
	 */
	struct summary batch_records, batch_bytes;
};

/*
 * Read its JSON, as its STATISTICS.md has it. What is not there is 0; what the
 * topics' windows have, which begin anew each time, is added to what there is.
 */
void kafka_stats_read(struct slice json, struct kafka_stats *stats);

#endif
