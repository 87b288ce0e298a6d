#ifndef PUBLISHER_KAFKA_ENVELOPE_H
#define PUBLISHER_KAFKA_ENVELOPE_H

#include <stdint.h>

#include "record/members.h"
#include "record/moment.h"
#include "record/template.h"

/*
 * What goes around a record on its way: its topic and key, by templates, and
 * its time and type, by its own members.
 */
enum { ENVELOPE_TOPIC_MAX = 249, ENVELOPE_TYPE_MAX = 64 };

struct envelope {
	/* Of the last record; all borrow until the next. */
	const char *topic;
	struct slice key;  /* empty: none */
	int64_t timestamp; /* Unix ms; 0: the record does not say */
	struct slice type; /* an event's type; empty: it is no event */
	char why[256];     /* why envelope_fill failed */

	struct members members;
	struct text_template topic_template, key_template;
	struct moment moment;
	int type_member;
	bool one_topic; /* the same for every record */
	char *topic_buf, *key_buf;
	size_t size; /* of each */
	char type_buf[ENVELOPE_TYPE_MAX];
};

/*
 * Understand the templates, which must outlive the envelope. Returns 0; or -1
 * with e->why set.
 */
int envelope_open(struct envelope *e, const char *topic, const char *key);

/*
 * Before the first record: the longest there will be, in bytes. Returns 0, or
 * -1 when out of memory. envelope_close frees.
 */
int envelope_reserve(struct envelope *e, size_t record_max);
void envelope_close(struct envelope *e);

/*
 * Fill it in for a record. Returns 0; or -1 with e->why set when the record is
 * not a JSON object or lacks what a template needs.
 */
int envelope_fill(struct envelope *e, struct slice record);

#endif
