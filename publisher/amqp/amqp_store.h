#ifndef PUBLISHER_AMQP_AMQP_STORE_H
#define PUBLISHER_AMQP_AMQP_STORE_H

#include "amqp_label.h"
#include "driver/store.h"
#include "exchange.h"
#include "log.h"

/*
 * An exchange as a store. What a broker has confirmed of a batch is not sent
 * again when the rest of it is; what it had not confirmed when it went away
 * is, and may then be there twice.
 */
enum amqp_fate {
	AMQP_UNSENT,
	AMQP_SENT,
	AMQP_RETURNED, /* sent, and no queue took it */
	AMQP_HELD,     /* confirmed */
	AMQP_DROPPED   /* confirmed, and no queue took it */
};

struct amqp_record {
	uint64_t hash;
	enum amqp_fate fate;
	size_t len;
};

struct amqp_store {
	/* Set by the caller. */
	struct exchange exchange;
	bool mandatory; /* what no queue takes is refused */

	struct amqp_label label, checked; /* the thread's; the driver's */
	struct log_limit drops;

	/* Of the batch that is being written. */
	struct amqp_record *records;
	size_t *sent; /* the messages, in their order: which record */
	size_t sent_count, confirmed; /* the first so many of sent */
	size_t waiting, bytes;        /* for confirmation: messages, bytes */
	uint64_t first;               /* the number of sent[0] */

	/* HELD and DROPPED, and not told yet: their batch comes again. */
	struct amqp_record *known;
	size_t known_count;
};

/*
 * Prepare for batches of at most rows_max; the template of the key must
 * outlive the store. Returns 0; or -1, and s->label.why says why.
 */
int amqp_store_open(struct amqp_store *s, const char *key, size_t rows_max);

/* What struct store does with one. */
extern const struct store_ops amqp_store_ops;

#endif
