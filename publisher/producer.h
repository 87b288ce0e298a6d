#ifndef PUBLISHER_PRODUCER_H
#define PUBLISHER_PRODUCER_H

#include "kafka.h"
#include "members.h"
#include "sink.h"
#include "template.h"

struct rd_kafka_topic_s;

/*
 * Kafka as a destination: one record of the input is one Kafka record, its
 * bytes as they came.
 */
struct producer {
	struct kafka kafka; /* first: it is the opaque of the callbacks */
	struct sink *sink;

	struct members members;
	struct text_template key, topic;
	int type, timestamp, received; /* indices into members */

	const char *topic_name;          /* of a constant template, or NULL */
	struct rd_kafka_topic_s *handle; /* its handle, or NULL */
	char *key_buf, *topic_buf;       /* what the templates render */
	size_t buf_size;
	char why[256]; /* why the last record was bad */

	uint64_t retries; /* requests that librdkafka sent again */
	int up;           /* brokers it is connected to */
};

/* The key, unless another is asked for: the channel, where there is one. */
#define PRODUCER_KEY "{channel_id|channel|}"

/* The defaults, for kafka_conf_new. */
extern const struct kafka_property producer_defaults[];

/*
 * Understand the templates; both outlive the producer. Returns 0; or -1 with
 * p->kafka.status and p->kafka.why set.
 */
int producer_templates(struct producer *p, const char *key, const char *topic);

/*
 * Connect, with conf, which this takes over, and wait at most `wait` ms for a
 * broker that knows the topic; fill in the sink's destination. Returns 0; or
 * -1 with p->kafka.status and p->kafka.why set, or with status STATUS_OK when
 * a stop was requested meanwhile.
 */
int producer_open(struct producer *p, struct rd_kafka_conf_s *conf,
    const char *brokers, int wait, struct sink *sink);

void producer_close(struct producer *p);

#endif
