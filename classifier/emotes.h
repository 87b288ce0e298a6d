#ifndef CLASSIFIER_EMOTES_H
#define CLASSIFIER_EMOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "points.h"
#include "slice.h"

enum {
	EMOTES_MAX = 512,      /* spans; 500 characters hold half */
	EMOTES_ID_MAX = 64,    /* bytes; the longest ids have 41 */
	EMOTES_NAME_MAX = 64,  /* bytes; longer is no name */
	EMOTES_DIGITS_MAX = 7, /* of a start or an end */

	/* Bytes of JSON: a name, and a span with its id and name. */
	EMOTES_NAME_JSON_MAX = 6 * EMOTES_NAME_MAX + 3,
	EMOTES_SPAN_JSON_MAX = EMOTES_ID_MAX + EMOTES_NAME_JSON_MAX + 64
};

struct emotes {
	size_t names_count;
	struct emote_name {
		struct slice text;
		uint32_t at; /* where it is first */
	} name[EMOTES_MAX];  /* the distinct ones, by at */

	/* The spans, each as a member of an array, with a comma before it. */
	size_t count, json_len;
	char json[EMOTES_MAX * EMOTES_SPAN_JSON_MAX + JSON_SLACK];

	struct points points; /* of the text that they are in */
};

/*
 * Read an emotes tag, id:start-end,start-end/id:…, where start and end count
 * the text's code points from 0, both inclusive. What lies beyond the text is
 * kept and its name clamped to the text, perhaps to nothing. False when
 * something in the tag is not carried: a part that is malformed, or too long,
 * or more than EMOTES_MAX of them.
 *
 * The tag is a line's: after it are 2 * CHUNK readable bytes, a ';' or a space
 * the first of them. The text is UTF-8, of at most POINTS_TEXT_MAX bytes, with
 * CHUNK more to read.
 */
bool emotes_read(struct emotes *e, struct slice tag, struct slice text);

#endif
