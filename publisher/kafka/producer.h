#ifndef PUBLISHER_KAFKA_PRODUCER_H
#define PUBLISHER_KAFKA_PRODUCER_H

#include "driver/sink.h"
#include "envelope.h"
#include "kafka.h"
#include "kafka_stats.h"
#include "redo.h"
#include "rest.h"

struct exactly_once;
struct rd_kafka_error_s;
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
	struct kafka_stats stats;
	int renewals;  /* clients in a row that got nothing done */
	uint64_t done; /* records that had their fate at the last trouble */
	struct rest rest;

	/* With transactions; set by the caller, NULL: without. */
	struct exactly_once *exactly_once;

	/* Without. */
	struct redo redo;
	bool redoing;    /* a unit of redo was sent */
	bool abandoning; /* time is over */
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

/* --- for at_least_once.c and exactly_once.c */

/* Give librdkafka the record in its envelope. Returns NULL, or the error. */
struct rd_kafka_error_s *producer_send(struct producer *p, struct slice record,
    void *mark);

/* The same, in the driver's terms. */
enum sink_put producer_give(struct producer *p, struct slice record, void *mark,
    const char **why);

/*
 * Why a record was not delivered: it may be at fault, or another of its batch;
 * or none is, and it only came too late for this client; or there is no use in
 * sending it again.
 */
enum producer_failure { PRODUCER_REFUSED, PRODUCER_IN_VAIN, PRODUCER_HOPELESS };
enum producer_failure producer_failure(const struct producer *p, int err);

/*
 * True if no record is at fault, and there is no way on: it is said then. A
 * right that was taken away is warned about.
 */
bool producer_ends_it(struct producer *p, int err);

/* A record is refused for good. */
void producer_refuse(struct producer *p, uint64_t number, struct slice record,
    const char *topic, int err);

/*
 * Let some time go by before the next attempt, since no record is at fault for
 * what has happened: the more, the longer nothing gets done.
 */
void producer_rest(struct producer *p);

/* When that is over, on clock_mono(); 0: it is, or never was. */
int64_t producer_resting(const struct producer *p);

/*
 * Another client in the place of one that cannot go on, and why. Returns 0; or
 * -1 with p->kafka.status and p->kafka.why set, after many in a row too, with
 * no rest between, that got nothing done.
 */
int producer_renew(struct producer *p, const char *why);

void producer_metrics(void *dest);

#endif
