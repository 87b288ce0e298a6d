#ifndef PUBLISHER_KAFKA_MESSAGE_H
#define PUBLISHER_KAFKA_MESSAGE_H

#include "envelope.h"
#include "slice.h"

struct rd_kafka_s;
struct rd_kafka_topic_s;
struct rd_kafka_error_s;

/*
 * Give librdkafka one record as a Kafka message: its bytes as they are, with
 * the key, the timestamp and, if it is an event, the headers that its
 * envelope has. It goes to `topic`, or where that is NULL to the topic that
 * the envelope names; its delivery report will bear `mark`. Returns NULL, or
 * the error, which the caller destroys; then nothing was taken.
 */
struct rd_kafka_error_s *message_produce(struct rd_kafka_s *handle,
    struct rd_kafka_topic_s *topic, const struct envelope *e,
    struct slice record, void *mark);

#endif
