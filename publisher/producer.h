#ifndef PUBLISHER_PRODUCER_H
#define PUBLISHER_PRODUCER_H

#include "envelope.h"
#include "kafka.h"
#include "redo.h"
#include "sink.h"

struct rd_kafka_topic_s;

/*
 * Kafka as a destination: one record of the input is one Kafka record, its
 * bytes as they came.
 */
struct producer {
	struct kafka kafka; /* first: it is the opaque of the callbacks */
	struct sink *sink;
	struct envelope envelope;
	struct rd_kafka_topic_s *topic; /* where there is only one, or NULL */

	uint64_t outstanding; /* at librdkafka, no delivery report yet */
	struct redo redo;
	bool redoing;    /* a unit of redo was sent */
	bool abandoning; /* time is over */
	int renewals;    /* clients in a row that got nothing done */
	uint64_t done;   /* records that had their fate at the last renewal */

	uint64_t retries; /* requests that librdkafka sent again */
	int up;           /* brokers it is connected to */
};

/* The key, unless another is asked for: the channel, where there is one. */
#define PRODUCER_KEY "{channel_id|channel|}"

/* The defaults, for kafka_conf_new. */
extern const struct kafka_property producer_defaults[];

/*
 * Understand the templates, connect, with conf, which this takes over, and
 * wait at most `wait` ms for a broker that knows the topic; fill in the sink's
 * destination. Returns 0; or -1 with p->kafka.status and p->kafka.why set, or
 * with status STATUS_OK when a stop was requested meanwhile.
 */
int producer_open(struct producer *p, struct rd_kafka_conf_s *conf,
    const char *brokers, const char *topic, const char *key, int wait,
    struct sink *sink);

void producer_close(struct producer *p);

#endif
