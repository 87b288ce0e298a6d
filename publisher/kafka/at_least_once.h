#ifndef PUBLISHER_KAFKA_AT_LEAST_ONCE_H
#define PUBLISHER_KAFKA_AT_LEAST_ONCE_H

#include "driver/sink.h"

struct producer;
struct rd_kafka_message_s;

/*
 * A producer's records without transactions: each has its fate when a broker
 * has said so. A batch that is refused is sent again in parts, and a client
 * that is lost is replaced, with no record overtaking another.
 */

/* What the driver asks for; its destination is the producer. */
extern const struct sink_ops at_least_once_ops;

/* A record has arrived, or has not. */
void at_least_once_delivered(struct producer *p,
    const struct rd_kafka_message_s *message);

#endif
