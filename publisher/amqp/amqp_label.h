#ifndef PUBLISHER_AMQP_AMQP_LABEL_H
#define PUBLISHER_AMQP_AMQP_LABEL_H

#include "exchange.h"
#include "record/members.h"
#include "record/moment.h"
#include "record/template.h"

/* What goes around a record on its way to an exchange. */
struct amqp_label {
	/* Of the last record, which it borrows. */
	struct exchange_message message;
	char why[256]; /* why a call failed */

	struct members members;
	struct text_template key;
	struct moment moment;
	int id, type; /* indices into members */
	char key_text[EXCHANGE_KEY_MAX];
	char id_text[EXCHANGE_KEY_MAX];
	char type_text[EXCHANGE_KEY_MAX];
};

/*
 * Understand the template of the routing key, which must outlive the label.
 * Returns 0, or -1 with l->why set.
 */
int amqp_label_open(struct amqp_label *l, const char *key);

/*
 * For a record. Returns 0; or -1 with l->why set when it is not a JSON object,
 * or lacks what the key needs, or its key is too long.
 */
int amqp_label_fill(struct amqp_label *l, struct slice record);

#endif
