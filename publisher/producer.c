#include "producer.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_stats.h"
#include "message.h"

enum {
	PURGE_MS = 1000,
	RENEWALS_MAX = 30 /* clients in a row that got nothing done */
};

const struct kafka_property producer_defaults[] = {
    {"client.id", "kafka-publish"}, {"enable.idempotence", "true"},
    /* A refused batch stops the client, so that no other overtakes it. */
    {"enable.gapless.guarantee", "true"}, {"acks", "all"},
    /* Never give a record up while there is a chance. */
    {"message.timeout.ms", "0"},
    /* Java's partitioner: what joins on the key finds it where it looks. */
    {"partitioner", "murmur2_random"}, {"linger.ms", "10"},
    /* A batch is freed as a whole; smaller ones are still in the cache. */
    {"compression.codec", "lz4"}, {"batch.size", "262144"},
    {"queue.buffering.max.messages", "100000"},
    {"queue.buffering.max.kbytes", "65536"},
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

/*
 * What a delivery report bears: a record's number, made odd; or where it is
 * in the list of those sent again, which is even.
 */
static void *
mark_number(uint64_t number)
{
	return (void *)(uintptr_t)(number << 1 | 1);
}

static uint64_t
marked_number(const rd_kafka_message_t *message)
{
	return (uintptr_t)message->_private >> 1;
}

static struct redo_record *
marked_redo(const rd_kafka_message_t *message)
{
	return (uintptr_t)message->_private & 1 ? NULL : message->_private;
}

/* Give librdkafka the record in its envelope, with this mark. */
static rd_kafka_error_t *
produce(struct producer *p, struct slice record, void *mark)
{
	rd_kafka_error_t *error = message_produce(p->kafka.handle, p->topic,
	    &p->envelope, record, mark);

	if (error == NULL)
		p->outstanding++;
	return error;
}

/* --- what became of them */

/* True if no record is at fault, and there is no way on. */
static bool
ends_it(struct producer *p, rd_kafka_resp_err_t err)
{
	return p->topic != NULL &&
	    kafka_topic_fail(&p->kafka, p->envelope.topic, err);
}

/*
 * Why a record was not delivered: it may be at fault, or another of its batch;
 * or none is, and it only came too late for this client; or there is no use in
 * sending it again.
 */
enum failure { REFUSED, IN_VAIN, HOPELESS };

static enum failure
failure(rd_kafka_resp_err_t err)
{
	switch (err) {
	case RD_KAFKA_RESP_ERR__FATAL:
	case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING:
	case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
		return IN_VAIN;
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return HOPELESS;
	default:
		/* The broker's errors are positive, librdkafka's negative. */
		return err > 0 ? REFUSED : HOPELESS;
	}
}

static void
refuse(struct producer *p, uint64_t number, struct slice record,
    const char *topic, rd_kafka_resp_err_t err)
{
	char why[512];

	snprintf(why, sizeof(why), "topic %s: %s", topic,
	    rd_kafka_err2str(err));
	sink_refused(p->sink, number, record, why);
}

static void
on_failure(struct producer *p, const rd_kafka_message_t *message)
{
	struct slice record = {message->payload, message->len};
	struct redo_record *redo = marked_redo(message);
	rd_kafka_resp_err_t err = message->err;

	if (p->abandoning || ends_it(p, err)) {
		if (redo == NULL)
			sink_abandoned(p->sink, marked_number(message), record);
	} else if (redo != NULL) {
		redo->fate =
		    failure(err) == IN_VAIN ? REDO_UNSENT : REDO_REFUSED;
		redo->err = err;
	} else if (failure(err) == HOPELESS ||
	    redo_add(&p->redo, marked_number(message), record) == -1) {
		refuse(p, marked_number(message), record,
		    rd_kafka_topic_name(message->rkt), err);
	}
}

static void
on_delivery(rd_kafka_t *handle, const rd_kafka_message_t *message, void *opaque)
{
	struct producer *p = opaque;
	struct redo_record *redo = marked_redo(message);

	(void)handle;
	p->outstanding--;
	if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		on_failure(p, message);
		return;
	}
	sink_acked(p->sink,
	    redo == NULL ? marked_number(message) : redo->number,
	    rd_kafka_message_latency(message));
	if (redo != NULL)
		redo->fate = REDO_ACKED;
}

/* Send one of the records that came back. Returns false if there is no room. */
static bool
send_again(struct producer *p, struct redo_record *record)
{
	struct slice bytes = {record->bytes, record->len};
	rd_kafka_error_t *error;

	envelope_fill(&p->envelope, bytes);
	error = produce(p, bytes, record);
	if (error == NULL)
		return true;
	record->err = rd_kafka_error_code(error);
	record->fate = REDO_REFUSED;
	rd_kafka_error_destroy(error);
	return record->err != RD_KAFKA_RESP_ERR__QUEUE_FULL &&
	    failure(record->err) != IN_VAIN;
}

/* Send a unit of them, a smaller one if there is no room. */
static void
send_unit(struct producer *p)
{
	size_t sent = 0, left = redo_count(&p->redo);

	while (sent < p->redo.unit && sent < left &&
	    send_again(p, p->redo.list[p->redo.first + sent]))
		sent++;
	p->redo.unit = sent;
}

/* The client is lost: put another in its place. */
static void
renew(struct producer *p)
{
	uint64_t done = p->sink->acked + p->sink->rejected;

	log_debug("a new Kafka client, since: %s", p->kafka.lost_why);
	p->renewals = done > p->done ? 0 : p->renewals + 1;
	p->done = done;
	if (p->renewals == RENEWALS_MAX) {
		kafka_fail(&p->kafka, STATUS_FAILED, "%s", p->kafka.lost_why);
		return;
	}
	if (p->topic != NULL)
		rd_kafka_topic_destroy(p->topic);
	p->topic = NULL;
	if (kafka_renew(&p->kafka) == 0)
		get_topic(p);
}

/*
 * Settle the unit that was sent, if one was, and send the next. Returns false
 * if that could not be done now.
 */
static bool
redo(struct producer *p)
{
	struct redo_record *bad;

	if (!p->redoing) {
		redo_begin(&p->redo);
	} else if ((bad = redo_settle(&p->redo)) != NULL) {
		struct slice record = {bad->bytes, bad->len};

		envelope_fill(&p->envelope, record);
		refuse(p, bad->number, record, p->envelope.topic, bad->err);
		free(bad);
	}
	send_unit(p);
	p->redoing = redo_count(&p->redo) > 0;
	return p->redo.unit > 0;
}

/* What has to be done when nothing is outstanding. */
static void
recover(struct producer *p)
{
	if (p->kafka.lost)
		/* What is queued would stay there. */
		rd_kafka_purge(p->kafka.handle,
		    RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
	if (p->outstanding > 0)
		return;
	if (p->kafka.lost)
		renew(p);
	while (p->outstanding == 0 && redo_count(&p->redo) > 0 &&
	    p->kafka.status == STATUS_OK && redo(p))
		continue;
}

static int
on_statistics(rd_kafka_t *handle, char *json, size_t len, void *opaque)
{
	struct producer *p = opaque;

	(void)handle;
	kafka_stats_read((struct slice){json, len}, &p->up, &p->retries);
	return 0;
}

/* --- what the driver asks for */

static enum sink_put
put(void *dest, uint64_t number, struct slice record, const char **why)
{
	struct producer *p = dest;
	rd_kafka_error_t *error;
	rd_kafka_resp_err_t err;

	if (redo_count(&p->redo) > 0 || p->kafka.lost)
		return SINK_FULL;
	*why = p->envelope.why;
	if (envelope_fill(&p->envelope, record) == -1)
		return SINK_BAD;
	error = produce(p, record, mark_number(number));
	if (error == NULL)
		return SINK_TAKEN;
	err = rd_kafka_error_code(error);
	rd_kafka_error_destroy(error);
	*why = rd_kafka_err2str(err);
	return err == RD_KAFKA_RESP_ERR__QUEUE_FULL ||
		failure(err) == IN_VAIN || ends_it(p, err) ?
	    SINK_FULL :
	    SINK_BAD;
}

static enum status
serve(void *dest, const char **why)
{
	struct producer *p = dest;

	kafka_serve(&p->kafka);
	if (p->kafka.status == STATUS_OK)
		recover(p);
	*why = p->kafka.why;
	return p->kafka.status;
}

static void
abandon(void *dest)
{
	struct producer *p = dest;
	struct redo_record *record;

	p->abandoning = true;
	rd_kafka_purge(p->kafka.handle,
	    RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(p->kafka.handle, PURGE_MS);
	while ((record = redo_take(&p->redo)) != NULL) {
		if (record->fate != REDO_ACKED)
			sink_abandoned(p->sink, record->number,
			    (struct slice){record->bytes, record->len});
		free(record);
	}
}

static void
metrics(void *dest)
{
	struct producer *p = dest;

	sink_metric(p->sink, "up", "gauge",
	    "1 if a broker is connected, else 0.", p->up > 0);
	sink_metric(p->sink, "retries_total", "counter",
	    "Requests sent to a broker again.", (double)p->retries);
}

static const struct sink_ops ops = {put, serve, abandon, metrics, NULL};

int
producer_open(struct producer *p, struct rd_kafka_conf_s *conf,
    const char *brokers, const char *topic, const char *key, int wait,
    struct sink *sink)
{
	char value[32], why[KAFKA_WHY_MAX];

	p->sink = sink;
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_stats_cb(conf, on_statistics);
	kafka_conf_get(conf, "message.max.bytes", value, sizeof(value));
	sink->record_max = strtoul(value, NULL, 10);
	/* The guarantee is part of idempotence; who does without has neither. */
	kafka_conf_get(conf, "enable.idempotence", value, sizeof(value));
	if (strcmp(value, "false") == 0)
		kafka_conf_set(conf, "enable.gapless.guarantee", value, why);
	sink->ops = &ops;
	sink->dest = p;

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
	return 0;
}

void
producer_close(struct producer *p)
{
	if (p->topic != NULL)
		rd_kafka_topic_destroy(p->topic);
	kafka_close(&p->kafka);
	redo_free(&p->redo);
	envelope_close(&p->envelope);
}
