#include "exactly_once.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "exactly_once_loss.h"
#include "log.h"
#include "producer.h"

enum {
	UNIT_MAX = 100000, /* records in a transaction */
	PATIENCE_MS = 1000 /* for a call, when time is over */
};

static struct exactly_once *
eo_of(void *dest)
{
	struct producer *p = dest;

	return p->exactly_once;
}

/* --- calls, and what follows from them */

static void
start(struct exactly_once *eo, enum transactor_call call)
{
	eo->transactor.handle = eo->producer->kafka.handle;
	eo->state = EO_CALLING;
	transactor_start(&eo->transactor, call);
}

/* Ask for the place, which any topic may have been given. */
static void
locate(struct exactly_once *eo)
{
	const struct envelope *e = &eo->producer->envelope;

	snprintf(eo->transactor.topic, sizeof(eo->transactor.topic), "%s",
	    e->one_topic ? e->topic : "");
	start(eo, TRANSACTOR_LOCATE);
}

/* No transaction is under way, and the next may have so many records. */
static void
make_ready(struct exactly_once *eo, size_t unit)
{
	eo->unit = unit < 1 ? 1 : unit > UNIT_MAX ? UNIT_MAX : unit;
	eo->count = 0;
	eo->doomed = eo->refused = false;
	eo->state = EO_READY;
}

static void
committed(struct exactly_once *eo)
{
	struct sink *sink = eo->producer->sink;
	int64_t us = (clock_mono() - eo->since) * 1000;

	eo->producer->kafka.proven = true;
	for (uint64_t n = eo->first; n <= eo->last; n++)
		if (sink_unsettled(sink, n))
			sink_acked(sink, n, us);
	eo->commits++;
	make_ready(eo, 2 * eo->unit);
}

/* Its records come again: at once, if one of them has to be found. */
static void
aborted(struct exactly_once *eo)
{
	eo->aborts++;
	eo->producer->outstanding = 0;
	sink_rewind(eo->producer->sink);
	if (!eo->refused)
		producer_rest(eo->producer);
	make_ready(eo, eo->refused ? eo->count / 2 : eo->unit);
}

static void
called(struct exactly_once *eo)
{
	struct transactor *t = &eo->transactor;
	struct sink *sink = eo->producer->sink;

	if (t->result == TRANSACTOR_FATAL) {
		loss_judge(eo, t->error, t->why);
		return;
	}
	if (t->result == TRANSACTOR_ABORTABLE) {
		kafka_warn(&eo->producer->kafka, t->why);
		start(eo, TRANSACTOR_ABORT);
		return;
	}
	switch (t->call) {
	case TRANSACTOR_INIT:
		locate(eo);
		break;
	case TRANSACTOR_LOCATE:
		sink_resume(sink, t->position < 0 ? 0 : (uint64_t)t->position);
		make_ready(eo, UNIT_MAX);
		break;
	case TRANSACTOR_COMMIT:
		committed(eo);
		break;
	case TRANSACTOR_ABORT:
		aborted(eo);
		break;
	}
}

/* --- records */

void
exactly_once_failed(struct exactly_once *eo, int err, struct slice record,
    const char *topic)
{
	/* An abort has purged it. */
	if (eo->state != EO_OPEN && eo->state != EO_CLOSING)
		return;
	if (producer_ends_it(eo->producer, err))
		return;
	eo->doomed = true;
	if (producer_failure(eo->producer, err) == PRODUCER_IN_VAIN) {
		/* Of a topic that is closed to it librdkafka loses count. */
		if (kafka_is_forbidden(err))
			kafka_lose(&eo->producer->kafka, err);
		return;
	}
	eo->refused = true;
	if (eo->count != 1)
		return;
	/* Twice, since brokers in trouble may refuse any record once. */
	if (eo->suspect == eo->first)
		producer_refuse(eo->producer, eo->first, record, topic, err);
	eo->suspect = eo->first;
}

/* Begin a transaction. Returns 0, or -1 when there is no going on. */
static int
begin(struct exactly_once *eo, uint64_t number)
{
	struct producer *p = eo->producer;
	rd_kafka_error_t *error = rd_kafka_begin_transaction(p->kafka.handle);

	if (error != NULL) {
		loss_judge(eo, rd_kafka_error_code(error),
		    rd_kafka_error_string(error));
		rd_kafka_error_destroy(error);
		return -1;
	}
	eo->state = EO_OPEN;
	eo->first = number;
	eo->since = clock_mono();
	snprintf(eo->transactor.topic, sizeof(eo->transactor.topic), "%s",
	    p->envelope.topic);
	return 0;
}

static enum sink_put
put(void *dest, uint64_t number, struct slice record, const char **why)
{
	struct exactly_once *eo = eo_of(dest);
	struct producer *p = dest;
	enum sink_put result;

	if (eo->state != EO_READY && eo->state != EO_OPEN)
		return SINK_FULL;
	if (eo->count == eo->unit || eo->doomed ||
	    (eo->state == EO_READY && producer_resting(p) != 0))
		return SINK_FULL;
	*why = p->envelope.why;
	if (envelope_fill(&p->envelope, record) == -1)
		return SINK_BAD;
	if (eo->state == EO_READY && begin(eo, number) == -1)
		return SINK_FULL;
	result = producer_give(p, record, NULL, why);
	if (result == SINK_TAKEN) {
		eo->last = number;
		eo->count++;
	}
	return result;
}

/* --- the driver's other wishes */

static int64_t
due(void *dest)
{
	const struct exactly_once *eo = eo_of(dest);

	return eo->state == EO_OPEN && eo->count > 0 ?
	    eo->since + eo->interval :
	    producer_resting(dest);
}

/* All records of the transaction have arrived: commit it, with the place. */
static void
commit(struct exactly_once *eo)
{
	uint64_t position;

	if (sink_position(eo->producer->sink, eo->last, &position) == -1)
		return; /* the driver knows, and gives up */
	eo->transactor.position = (int64_t)position;
	start(eo, TRANSACTOR_COMMIT);
}

/*
 * The transaction has failed, by no record's fault maybe. librdkafka says why
 * to who would begin another; one whose right is missing is not aborted.
 */
static void
give_up(struct exactly_once *eo)
{
	struct kafka *k = &eo->producer->kafka;
	rd_kafka_error_t *error = rd_kafka_begin_transaction(k->handle);
	rd_kafka_resp_err_t err = rd_kafka_error_code(error);

	if (!eo->refused && kafka_is_forbidden(err))
		loss_judge(eo, err, rd_kafka_error_string(error));
	else
		start(eo, TRANSACTOR_ABORT);
	rd_kafka_error_destroy(error);
}

static void
step(struct exactly_once *eo)
{
	struct producer *p = eo->producer;

	if (p->kafka.lost) {
		loss_judge(eo, p->kafka.lost_error, p->kafka.lost_why);
		return;
	}
	if (eo->state == EO_NEW) {
		if (producer_resting(p) == 0)
			start(eo, TRANSACTOR_INIT);
		return;
	}
	if (eo->doomed && eo->state != EO_CALLING) {
		give_up(eo);
		return;
	}
	if (eo->state == EO_OPEN && eo->count > 0 &&
	    (eo->count == eo->unit || eo->hurried || clock_mono() >= due(p)))
		eo->state = EO_CLOSING;
	if (eo->state == EO_CLOSING && p->outstanding == 0)
		commit(eo);
}

static enum status
serve(void *dest, const char **why)
{
	struct exactly_once *eo = eo_of(dest);
	struct producer *p = dest;

	*why = p->kafka.why;
	kafka_hush(&p->kafka);
	if (transactor_busy(&eo->transactor, 0))
		return STATUS_OK;
	if (eo->state == EO_CALLING)
		called(eo);
	if (p->kafka.status == STATUS_OK && eo->state != EO_CALLING) {
		kafka_serve(&p->kafka);
		step(eo);
	}
	return p->kafka.status;
}

/* Let readers of what is committed go on, rather than wait for a timeout. */
static void
abandon(void *dest)
{
	struct exactly_once *eo = eo_of(dest);

	if (!transactor_busy(&eo->transactor, PATIENCE_MS)) {
		if (eo->state == EO_CALLING)
			called(eo);
		if (eo->state == EO_OPEN || eo->state == EO_CLOSING) {
			start(eo, TRANSACTOR_ABORT);
			transactor_busy(&eo->transactor, PATIENCE_MS);
		}
	}
	sink_rewind(eo->producer->sink);
}

static void
hurry(void *dest)
{
	eo_of(dest)->hurried = true;
}

static void
metrics(void *dest)
{
	struct exactly_once *eo = eo_of(dest);

	producer_metrics(dest);
	sink_metric(eo->producer->sink, "commits_total", "counter",
	    "Transactions committed.", (double)eo->commits);
	sink_metric(eo->producer->sink, "aborts_total", "counter",
	    "Transactions aborted, their records sent again.",
	    (double)eo->aborts);
}

static const struct sink_ops ops = {put, serve, abandon, metrics, hurry, due};

void
exactly_once_prepare(struct exactly_once *eo, struct producer *p,
    struct rd_kafka_conf_s *conf)
{
	char why[KAFKA_WHY_MAX], timeout[32];

	eo->producer = p;
	sink_open(p->sink, STDIN_FILENO);
	snprintf(eo->id, sizeof(eo->id), "twitch-ingest-%s",
	    sink_spool_id(p->sink));
	kafka_conf_set(conf, "transactional.id", eo->id, why);
	kafka_conf_set(conf, "enable.idempotence", "true", why);
	/* The abort of a transaction leaves no gap. */
	kafka_conf_set(conf, "enable.gapless.guarantee", "false", why);
	/* A record waits as long as its transaction may. */
	kafka_conf_get(conf, "transaction.timeout.ms", timeout,
	    sizeof(timeout));
	kafka_conf_set(conf, "message.timeout.ms", timeout, why);
	eo->timeout = strtol(timeout, NULL, 10);
	sink_hold(p->sink);
	p->sink->ops = &ops;
}

void
exactly_once_open(struct exactly_once *eo)
{
	eo->transactor.group = eo->id;
	eo->transactor.timeout = (int)eo->timeout;
	eo->transactor.fd = eo->producer->kafka.fd;
	if (transactor_open(&eo->transactor) == -1)
		die(STATUS_FAILED, "cannot start a thread: %s",
		    strerror(errno));
	start(eo, TRANSACTOR_INIT);
}

bool
exactly_once_close(struct exactly_once *eo)
{
	return transactor_close(&eo->transactor);
}
