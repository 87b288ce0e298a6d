#include "producer.h"

#include <librdkafka/rdkafka.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_least_once.h"
#include "clock.h"
#include "exactly_once.h"
#include "message.h"

enum { RENEWALS_MAX = 30, MEMORY_KEPT = 32 * 1024 * 1024 };

const struct kafka_property producer_defaults[] = {
    {"client.id", "kafka-publish"}, {"enable.idempotence", "true"},
    /* A refused batch stops the client, so that no other overtakes it. */
    {"enable.gapless.guarantee", "true"}, {"acks", "all"},
    /* Never give a record up while there is a chance. */
    {"message.timeout.ms", "0"},
    /* Java's partitioner: what joins on the key finds it where it looks. */
    {"partitioner", "murmur2_random"}, {"linger.ms", "10"},
    {"compression.codec", "lz4"},
    /* More than a broker keeps up with; what the caches hold is faster. */
    {"queue.buffering.max.messages", "20000"},
    {"queue.buffering.max.kbytes", "262144"},
    /* Within the grace at the end of the input. */
    {"topic.metadata.propagation.max.ms", "5000"},
    {"reconnect.backoff.max.ms", "2000"}, {"socket.keepalive.enable", "true"},
    {"statistics.interval.ms", "1000"}, {NULL, NULL}};

/* Where every record goes to one topic, its handle saves looking it up. */
static void
get_topic(struct producer *p)
{
	if (p->envelope.one_topic)
		p->topic = rd_kafka_topic_new(p->kafka.handle,
		    p->envelope.topic, NULL);
}

rd_kafka_error_t *
producer_send(struct producer *p, struct slice record, void *mark)
{
	rd_kafka_error_t *error = message_produce(p->kafka.handle, p->topic,
	    &p->envelope, record, mark);

	if (error == NULL)
		p->outstanding++;
	return error;
}

/* --- what became of them */

bool
producer_ends_it(struct producer *p, int err)
{
	/* Of several topics one that is amiss is the record's fault. */
	return (p->topic != NULL ||
		   err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) &&
	    kafka_topic_fail(&p->kafka, p->sink->destination, err);
}

enum producer_failure
producer_failure(const struct producer *p, int err)
{
	switch (err) {
	case RD_KAFKA_RESP_ERR__FATAL:
	case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
	case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
	case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR__STATE:
	case RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING:
	case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
	/* The transaction's matter: what is called next will tell. */
	case RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
	case RD_KAFKA_RESP_ERR_INVALID_TXN_STATE:
	case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
	case RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED:
	case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return PRODUCER_IN_VAIN;
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
		return PRODUCER_HOPELESS;
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
		return p->topic != NULL ? PRODUCER_IN_VAIN : PRODUCER_HOPELESS;
	default:
		/* The broker's errors are positive, librdkafka's negative. */
		return err > 0 ? PRODUCER_REFUSED : PRODUCER_HOPELESS;
	}
}

void
producer_refuse(struct producer *p, uint64_t number, struct slice record,
    const char *topic, int err)
{
	char why[512];

	snprintf(why, sizeof(why), "topic %s: %s", topic,
	    rd_kafka_err2str((rd_kafka_resp_err_t)err));
	sink_refused(p->sink, number, record, why);
}

enum sink_put
producer_give(struct producer *p, struct slice record, void *mark,
    const char **why)
{
	rd_kafka_error_t *error = producer_send(p, record, mark);
	rd_kafka_resp_err_t err;

	if (error == NULL)
		return SINK_TAKEN;
	err = rd_kafka_error_code(error);
	rd_kafka_error_destroy(error);
	*why = rd_kafka_err2str(err);
	return err == RD_KAFKA_RESP_ERR__QUEUE_FULL ||
		producer_ends_it(p, err) ||
		producer_failure(p, err) == PRODUCER_IN_VAIN ?
	    SINK_FULL :
	    SINK_BAD;
}

static void
on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
	struct producer *p = opaque;

	(void)handle;
	p->outstanding--;
	if (p->exactly_once == NULL)
		at_least_once_delivered(p, message);
	else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
		exactly_once_failed(p->exactly_once, message->err,
		    (struct slice){message->payload, message->len},
		    rd_kafka_topic_name(message->rkt));
}

/* True if a record has had its fate since this was asked last. */
static bool
got_on(struct producer *p)
{
	uint64_t before = p->done;

	p->done = p->sink->acked + p->sink->rejected;
	return p->done > before;
}

void
producer_rest(struct producer *p)
{
	rest_begin(&p->rest, clock_mono(), got_on(p));
	p->renewals = 0;
}

int64_t
producer_resting(const struct producer *p)
{
	return rest_end(&p->rest, clock_mono());
}

int
producer_renew(struct producer *p, const char *why)
{
	log_debug("a new Kafka client, since: %s", why);
	p->renewals = got_on(p) ? 0 : p->renewals + 1;
	if (p->renewals == RENEWALS_MAX) {
		kafka_fail(&p->kafka, STATUS_FAILED, "%s", why);
		return -1;
	}
	if (p->topic != NULL)
		rd_kafka_topic_destroy(p->topic);
	p->topic = NULL;
	if (kafka_renew(&p->kafka) == -1)
		return -1;
	get_topic(p);
	return 0;
}

static int
on_statistics(rd_kafka_t *handle, char *json, size_t len, void *opaque)
{
	struct producer *p = opaque;

	(void)handle;
	kafka_stats_read((struct slice){json, len}, &p->stats);
	return 0;
}

void
producer_metrics(void *dest)
{
	struct producer *p = dest;

	sink_metric(p->sink, "up", "gauge",
	    "1 if a broker is connected, else 0.", p->stats.up > 0);
	sink_metric(p->sink, "retries_total", "counter",
	    "Requests sent to a broker again.", (double)p->stats.retries);
	sink_summary(p->sink, "batch_records",
	    "Records in a batch that was sent.", &p->stats.batch_records);
	sink_summary(p->sink, "batch_bytes", "Bytes of a batch that was sent.",
	    &p->stats.batch_bytes);
}

/*
 * Keep the memory of records that were delivered for those that come: a
 * fifteenth of the time goes into giving it back and asking for it again.
 */
static void
keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
	mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT);
}

int
producer_open(struct producer *p, struct rd_kafka_conf_s *conf,
    const char *brokers, const char *topic, const char *key, int wait,
    struct sink *sink)
{
	char value[32], why[KAFKA_WHY_MAX];

	p->sink = sink;
	keep_memory();
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_stats_cb(conf, on_statistics);
	kafka_conf_get(conf, "message.max.bytes", value, sizeof(value));
	sink->record_max = strtoul(value, NULL, 10);
	/* The guarantee is part of idempotence; who does without has neither. */
	kafka_conf_get(conf, "enable.idempotence", value, sizeof(value));
	if (strcmp(value, "false") == 0)
		kafka_conf_set(conf, "enable.gapless.guarantee", value, why);
	sink->dest = p;
	sink->ops = &at_least_once_ops;
	if (p->exactly_once != NULL)
		exactly_once_prepare(p->exactly_once, p, conf);

	if (envelope_open(&p->envelope, topic, key) == -1) {
		kafka_fail(&p->kafka, STATUS_USAGE, "%s", p->envelope.why);
		kafka_conf_free(conf);
		return -1;
	}
	if (kafka_open(&p->kafka, conf, brokers, false) == -1)
		return -1;
	sink->fd = p->kafka.fd;
	if (envelope_reserve(&p->envelope, sink->record_max) == -1) {
		kafka_fail(&p->kafka, STATUS_FAILED, "out of memory");
		return -1;
	}
	/* With a spool the input need not wait for a broker. */
	if (sink->options.spool == NULL &&
	    kafka_await(&p->kafka, p->envelope.one_topic ? topic : NULL,
		wait) == -1)
		return -1;
	get_topic(p);
	if (p->exactly_once != NULL)
		exactly_once_open(p->exactly_once);
	return 0;
}

void
producer_close(struct producer *p)
{
	/* A client that a call still waits in cannot be freed. */
	if (p->exactly_once != NULL && !exactly_once_close(p->exactly_once))
		return;
	if (p->topic != NULL)
		rd_kafka_topic_destroy(p->topic);
	kafka_close(&p->kafka);
	redo_free(&p->redo);
	envelope_close(&p->envelope);
}
