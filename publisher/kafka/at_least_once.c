#include "at_least_once.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>

#include "producer.h"

enum { PURGE_MS = 1000 };

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

/* --- what became of them */

static void
on_failure(struct producer *p, const rd_kafka_message_t *message)
{
	struct slice record = {message->payload, message->len};
	struct redo_record *redo = marked_redo(message);
	rd_kafka_resp_err_t err = message->err;
	enum producer_failure failure = producer_failure(p, err);

	if (p->abandoning || producer_ends_it(p, err)) {
		if (redo == NULL)
			sink_abandoned(p->sink, marked_number(message), record);
		return;
	}
	if (failure == PRODUCER_IN_VAIN && kafka_is_forbidden(err))
		producer_rest(p);
	if (redo != NULL) {
		redo->fate =
		    failure == PRODUCER_IN_VAIN ? REDO_UNSENT : REDO_REFUSED;
		redo->err = err;
	} else if (failure == PRODUCER_HOPELESS ||
	    redo_add(&p->redo, marked_number(message), record) == -1) {
		producer_refuse(p, marked_number(message), record,
		    rd_kafka_topic_name(message->rkt), err);
	}
}

void
at_least_once_delivered(struct producer *p, const rd_kafka_message_t *message)
{
	struct redo_record *redo = marked_redo(message);

	if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		on_failure(p, message);
		return;
	}
	p->kafka.proven = true;
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
	error = producer_send(p, bytes, record);
	if (error == NULL)
		return true;
	record->err = rd_kafka_error_code(error);
	record->fate = REDO_REFUSED;
	rd_kafka_error_destroy(error);
	return record->err != RD_KAFKA_RESP_ERR__QUEUE_FULL &&
	    !producer_ends_it(p, record->err) &&
	    producer_failure(p, record->err) != PRODUCER_IN_VAIN;
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
		producer_refuse(p, bad->number, record, p->envelope.topic,
		    bad->err);
		free(bad);
	}
	send_unit(p);
	p->redoing = redo_count(&p->redo) > 0;
	return p->redo.unit > 0;
}

/* Another client would lack the same right, if it came at once. */
static void
on_loss(struct producer *p)
{
	int err = p->kafka.lost_error;

	if (kafka_is_forbidden(err) && !producer_ends_it(p, err))
		producer_rest(p);
}

/* What has to be done when nothing is outstanding. */
static void
recover(struct producer *p)
{
	if (p->kafka.lost)
		/* What is queued would stay there. */
		rd_kafka_purge(p->kafka.handle,
		    RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
	if (p->outstanding > 0 || producer_resting(p) != 0)
		return;
	if (p->kafka.lost)
		producer_renew(p, p->kafka.lost_why);
	while (p->outstanding == 0 && redo_count(&p->redo) > 0 &&
	    p->kafka.status == STATUS_OK && redo(p))
		continue;
}

/* --- what the driver asks for */

static enum sink_put
put(void *dest, uint64_t number, struct slice record, const char **why)
{
	struct producer *p = dest;

	if (redo_count(&p->redo) > 0 || p->kafka.lost)
		return SINK_FULL;
	*why = p->envelope.why;
	if (envelope_fill(&p->envelope, record) == -1)
		return SINK_BAD;
	return producer_give(p, record, mark_number(number), why);
}

static enum status
serve(void *dest, const char **why)
{
	struct producer *p = dest;
	bool lost = p->kafka.lost;

	kafka_serve(&p->kafka);
	if (p->kafka.lost && !lost)
		on_loss(p);
	if (p->kafka.status == STATUS_OK)
		recover(p);
	*why = p->kafka.why;
	return p->kafka.status;
}

static int64_t
due(void *dest)
{
	return producer_resting(dest);
}

static void
abandon(void *dest)
{
	struct producer *p = dest;
	struct redo_record *record;
	uint64_t before;

	p->abandoning = true;
	rd_kafka_purge(p->kafka.handle,
	    RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	do {
		before = p->outstanding;
		rd_kafka_flush(p->kafka.handle, PURGE_MS);
	} while (p->outstanding > 0 && p->outstanding < before);
	while ((record = redo_take(&p->redo)) != NULL) {
		if (record->fate != REDO_ACKED)
			sink_abandoned(p->sink, record->number,
			    (struct slice){record->bytes, record->len});
		free(record);
	}
}

const struct sink_ops at_least_once_ops = {
    put, serve, abandon, producer_metrics, NULL, due};
