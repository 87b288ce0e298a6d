#ifndef PUBLISHER_KAFKA_STATS_H
#define PUBLISHER_KAFKA_STATS_H

#include <stdint.h>

#include "slice.h"

/*
 * Read librdkafka's statistics, the JSON of its STATISTICS.md: how many
 * brokers are connected, and how many requests were sent to one again.
 */
void kafka_stats_read(struct slice json, int *up, uint64_t *retries);

#endif
