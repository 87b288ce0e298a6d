#include "amqp_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"

enum { HEAR_MS = 1000 };

int
amqp_store_open(struct amqp_store *s, const char *key, size_t rows_max)
{
	if (amqp_label_open(&s->label, key) == -1)
		return -1;
	(void)amqp_label_open(&s->checked, key);
	s->records = calloc(rows_max, sizeof(*s->records));
	s->known = calloc(rows_max, sizeof(*s->known));
	s->sent = calloc(rows_max, sizeof(*s->sent));
	if (s->records != NULL && s->known != NULL && s->sent != NULL)
		return 0;
	snprintf(s->label.why, sizeof(s->label.why), "out of memory");
	return -1;
}

/* --- what is known of records that come again */

static enum amqp_fate
recall(struct amqp_store *s, uint64_t hash)
{
	for (size_t i = 0; i < s->known_count; i++)
		if (s->known[i].hash == hash) {
			enum amqp_fate fate = s->known[i].fate;

			s->known[i] = s->known[--s->known_count];
			return fate;
		}
	return AMQP_UNSENT;
}

static void
begin(struct amqp_store *s, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct amqp_record *r = &s->records[i];

		r->hash = hash_of(batch->records[i]);
		r->len = batch->records[i].len;
		r->fate = recall(s, r->hash);
	}
	s->sent_count = s->confirmed = s->waiting = s->bytes = 0;
	s->first = s->exchange.published + 1;
}

/* The records from this one on come again. */
static void
remember(struct amqp_store *s, size_t from, size_t count)
{
	for (size_t i = from; i < count; i++)
		if (s->records[i].fate == AMQP_HELD ||
		    s->records[i].fate == AMQP_DROPPED)
			s->known[s->known_count++] = s->records[i];
}

/* --- what the broker says */

static void
confirm(struct amqp_store *s, size_t message, bool taken)
{
	struct amqp_record *r = &s->records[s->sent[message]];

	if (r->fate == AMQP_SENT)
		r->fate = taken ? AMQP_HELD : AMQP_UNSENT;
	else if (r->fate == AMQP_RETURNED)
		r->fate = AMQP_DROPPED;
	else
		return; /* it was confirmed already */
	s->waiting--;
	s->bytes -= r->len;
}

static void
confirm_all(struct amqp_store *s, const struct exchange_news *news, bool taken)
{
	size_t message = (size_t)(news->number - s->first);

	/* Not one of an earlier batch, which all were confirmed. */
	if (news->number < s->first || message >= s->sent_count)
		return;
	if (!news->multiple) {
		confirm(s, message, taken);
		return;
	}
	for (; s->confirmed <= message; s->confirmed++)
		confirm(s, s->confirmed, taken);
}

static void
mark_returned(struct amqp_store *s, uint64_t hash)
{
	for (size_t i = 0; i < s->sent_count; i++) {
		struct amqp_record *r = &s->records[s->sent[i]];

		if (r->fate == AMQP_SENT && r->hash == hash)
			r->fate = AMQP_RETURNED;
	}
}

/* Wait for the next word of the broker's. Returns 0, or -1 when it is gone. */
static int
hear(struct amqp_store *s)
{
	struct exchange_news news;

	switch (exchange_hear(&s->exchange, HEAR_MS, &news)) {
	case EXCHANGE_ACKED:
		confirm_all(s, &news, true);
		return 0;
	case EXCHANGE_NACKED:
		confirm_all(s, &news, false);
		return 0;
	case EXCHANGE_RETURNED:
		mark_returned(s, news.hash);
		return 0;
	case EXCHANGE_NOTHING:
		return 0;
	case EXCHANGE_LOST:
		break;
	}
	return -1;
}

/* --- a batch */

static bool
has_room(const struct amqp_store *s, size_t len)
{
	return !s->exchange.blocked &&
	    (s->bytes == 0 || s->bytes + len <= EXCHANGE_WINDOW);
}

/* Returns 0, or -1 when the broker is gone. */
static int
send_one(struct amqp_store *s, size_t i, struct slice record)
{
	while (!has_room(s, record.len))
		if (hear(s) == -1)
			return -1;
	/* The driver has seen that it can be labelled. */
	(void)amqp_label_fill(&s->label, record);
	if (exchange_publish(&s->exchange, &s->label.message) == -1)
		return -1;
	s->records[i].fate = AMQP_SENT;
	s->sent[s->sent_count++] = i;
	s->waiting++;
	s->bytes += record.len;
	return 0;
}

static int
send_all(struct amqp_store *s, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (s->records[i].fate == AMQP_UNSENT &&
		    send_one(s, i, batch->records[i]) == -1)
			return -1;
	while (s->waiting > 0)
		if (hear(s) == -1)
			return -1;
	return 0;
}

/* The exchange has failed. */
static enum store_result
lose(const struct amqp_store *s, struct store_batch *batch)
{
	snprintf(batch->why, sizeof(batch->why), "%s", s->exchange.why);
	batch->status = s->exchange.status;
	if (s->exchange.refused)
		return STORE_REFUSED;
	return batch->status == STATUS_FAILED ? STORE_RETRY : STORE_FATAL;
}

/* All of the batch was confirmed, or not. */
static enum store_result
judge(struct amqp_store *s, struct store_batch *batch)
{
	size_t dropped = 0, unsent = 0;
	unsigned long held;

	for (size_t i = batch->count; i-- > 0;) {
		unsent += s->records[i].fate == AMQP_UNSENT;
		if (s->records[i].fate == AMQP_DROPPED) {
			dropped++;
			batch->bad = i;
		}
	}
	snprintf(batch->why, sizeof(batch->why),
	    "no queue is bound to exchange '%.200s' for its key",
	    s->exchange.name);
	if (dropped > 0 && s->mandatory)
		return STORE_REFUSED;
	if (unsent > 0) {
		snprintf(batch->why, sizeof(batch->why),
		    "the broker did not take %zu messages", unsent);
		return STORE_RETRY;
	}
	if (dropped > 0 && log_limit(&s->drops, &held))
		log_warn("the broker drops what nobody wants: %s", batch->why);
	return STORE_DONE;
}

static enum store_result
connect_store(void *store, struct store_batch *batch)
{
	struct amqp_store *s = store;

	if (exchange_connect(&s->exchange) == 0)
		return STORE_DONE;
	s->exchange.refused = false;
	return lose(s, batch);
}

static enum store_result
write_batch(void *store, struct store_batch *batch)
{
	struct amqp_store *s = store;
	enum store_result result;

	/* A refused message takes the channel with it. */
	if (s->exchange.connection == NULL) {
		result = connect_store(store, batch);
		if (result != STORE_DONE)
			return result;
	}
	begin(s, batch);
	result = send_all(s, batch) == -1 ? lose(s, batch) : judge(s, batch);
	if (result == STORE_RETRY)
		remember(s, 0, batch->count);
	else if (result == STORE_REFUSED)
		/* The first of all, or the only one, does not come again. */
		remember(s, batch->bad == 0 || batch->count == 1, batch->count);
	return result;
}

static void
close_store(void *store)
{
	struct amqp_store *s = store;

	exchange_close(&s->exchange);
	free(s->records);
	free(s->known);
	free(s->sent);
}

static const char *
check(void *store, struct slice record)
{
	struct amqp_store *s = store;

	return amqp_label_fill(&s->checked, record) == 0 ? NULL :
							   s->checked.why;
}

const struct store_ops amqp_store_ops = {
    connect_store, write_batch, close_store, check};
