#ifndef PUBLISHER_KAFKA_EXACTLY_ONCE_LOSS_H
#define PUBLISHER_KAFKA_EXACTLY_ONCE_LOSS_H

#include "exactly_once.h"

/*
 * The client cannot go on, for this error of librdkafka's: begin again with
 * another, after a rest, from the place that brokers have; or, when that would
 * be of no use, set kafka.status and kafka.why of the producer.
 */
void loss_judge(struct exactly_once *eo, int error, const char *why);

#endif
