#include "exactly_once_loss.h"

#include <inttypes.h>
#include <librdkafka/rdkafka.h>

#include "clock.h"
#include "log.h"
#include "producer.h"

/*
 * A new client, and everything from the place that brokers have: in a while,
 * since no record is at fault.
 */
static void
begin_again(struct exactly_once *eo, const char *why)
{
	struct producer *p = eo->producer;

	sink_rewind(p->sink);
	p->outstanding = 0;
	producer_rest(p);
	if (producer_renew(p, why) == 0)
		eo->state = EO_NEW;
}

/*
 * Another client has taken our id, unless the brokers gave the transaction up
 * since it took too long: then the id has merely got a new epoch.
 */
static void
fenced(struct exactly_once *eo, const char *why)
{
	if (eo->count > 0 && clock_mono() - eo->since >= eo->timeout) {
		log_warn("the brokers gave up a transaction after %" PRId64
			 " s: sending it again",
		    eo->timeout / 1000);
		begin_again(eo, why);
		return;
	}
	kafka_fail(&eo->producer->kafka, STATUS_USAGE,
	    "another process publishes from this spool or a copy of it, as "
	    "'%s': only one may",
	    eo->id);
}

/* A right that the user lacks; or lacks now, and somebody gives it back. */
static void
forbidden(struct exactly_once *eo, const char *why)
{
	struct kafka *k = &eo->producer->kafka;

	if (k->proven) {
		kafka_warn(k, why);
		begin_again(eo, why);
		return;
	}
	kafka_fail(k, STATUS_CREDENTIALS,
	    "%s does not let this user publish exactly once: %s; ask for the "
	    "right to WRITE topic '%s' and transactional id '%s', and to READ "
	    "group '%s'",
	    k->brokers, why, eo->producer->sink->destination, eo->id, eo->id);
}

void
loss_judge(struct exactly_once *eo, int error, const char *why)
{
	struct kafka *k = &eo->producer->kafka;

	if (kafka_is_forbidden(error)) {
		forbidden(eo, why);
		return;
	}
	switch (error) {
	case RD_KAFKA_RESP_ERR__FENCED:
	case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
		fenced(eo, why);
		break;
	case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
	case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
		kafka_fail(k, STATUS_USAGE,
		    "%s cannot publish exactly once: %s", k->brokers, why);
		break;
	default:
		/* Brokers that were away for long may know nothing of it. */
		log_warn("a transaction cannot go on: %s; beginning again from "
			 "what is committed",
		    why);
		begin_again(eo, why);
	}
}
