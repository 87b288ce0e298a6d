#ifndef PUBLISHER_KAFKA_CONSUMER_H
#define PUBLISHER_KAFKA_CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka.h"
#include "slice.h"

struct rd_kafka_message_s;

/*
 * Records out of a topic: of all its partitions, or of those that a consumer
 * group deals out.
 */
struct consumer {
	struct kafka kafka; /* first: it is the opaque of the callbacks */
	const char *topic;

	struct rd_kafka_message_s *message; /* the last, until the next */
	bool *ended;                        /* by partition: nothing more now */
	bool grouped;
};

struct record {
	int partition;
	int64_t offset;
	int64_t timestamp; /* Unix ms, or -1 */
	struct slice key, value;
};

/* The defaults, for kafka_conf_new. */
extern const struct kafka_property consumer_defaults[];

/*
 * Connect, with conf, which this takes over, and wait at most `wait` ms for a
 * broker that knows the topic. With a group (the property group.id) take what
 * the group gives us, from where it was; else take all partitions, from their
 * first record or from the next that comes. Returns 0; or -1 with
 * c->kafka.status and c->kafka.why set, or with status STATUS_OK when a stop
 * was requested meanwhile.
 */
int consumer_open(struct consumer *c, struct rd_kafka_conf_s *conf,
    const char *brokers, const char *topic, bool beginning, int wait);

void consumer_close(struct consumer *c);

/*
 * The next record, if one is here: true, and *record borrows until the next
 * call. False when there is none, or when c->kafka.status says that there will
 * be none.
 */
bool consumer_next(struct consumer *c, struct record *record);

/*
 * Wait until consumer_next may have something. Returns 0, or -1 once a stop is
 * requested.
 */
int consumer_wait(struct consumer *c);

/*
 * The headers of the last record, one a call, beginning with index 0. Returns
 * false when there are no more.
 */
bool consumer_header(const struct consumer *c, size_t index, const char **name,
    struct slice *value);

/* True if every partition that we have is read to its end. */
bool consumer_at_end(const struct consumer *c);

#endif
