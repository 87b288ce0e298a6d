#ifndef CLASSIFIER_EMOTES_H
#define CLASSIFIER_EMOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

enum {
	EMOTES_MAX = 512,                 /* spans; 500 characters hold half */
	EMOTES_ID_MAX = 64,               /* bytes; the longest ids have 41 */
	EMOTES_NAME_MAX = 64,             /* bytes; longer is no name */
	EMOTES_DIGITS_MAX = 7,            /* of a start or an end */
	EMOTES_TEXT_MAX = 3 * 128 * 1024, /* bytes of text */
	EMOTES_STEP = 64
};

struct emote_span {
	const char *id, *start, *name;
	uint32_t at; /* start as a number; end stands behind it and a '-' */
	uint8_t id_len, start_len, end_len, name_len; /* no name: 0 */
	bool again; /* the same id and name as those of the span before */
};

struct emotes {
	size_t count, names_count;
	struct emote_span span[EMOTES_MAX];
	uint16_t name[EMOTES_MAX]; /* spans with distinct names, by at */
	size_t noted;              /* the last span's, among those */

	/* Where the text's code points are: how many before each 64 bytes. */
	struct slice text;
	bool ascii;
	uint32_t before[EMOTES_TEXT_MAX / EMOTES_STEP + 1];
};

/*
 * Read an emotes tag, id:start-end,start-end/id:…, where start and end count
 * the text's code points from 0, both inclusive. What lies beyond the text is
 * kept and its name clamped to the text, perhaps to nothing. False when
 * something in the tag is not carried: a part that is malformed, or too long,
 * or more than EMOTES_MAX of them. After the tag are
 * CHUNK readable bytes, the first of them no digit; the text is UTF-8, of at
 * most EMOTES_TEXT_MAX bytes, with CHUNK more to read.
 */
bool emotes_read(struct emotes *e, struct slice tag, struct slice text);

#endif
