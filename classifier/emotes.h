#ifndef CLASSIFIER_EMOTES_H
#define CLASSIFIER_EMOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "points.h"
#include "slice.h"

enum {
	EMOTES_MAX = 512,     /* spans; 500 characters hold half */
	EMOTES_ID_MAX = 64,   /* bytes; the longest ids have 41 */
	EMOTES_NAME_MAX = 64, /* bytes; longer is no name */
};

/* Spans of one emote that stand next to each other in its tag, all alike. */
struct emote_run {
	struct slice id;
	struct slice name; /* what they cover; empty where that is no name */
	const char *ranges, *end; /* start-end,start-end in the tag */
	uint8_t dash, stop;       /* where both numbers of each range end */
	bool again;               /* id and name are those of the run before */
};

struct emotes {
	size_t names_count;
	uint64_t names_seen; /* a bit for what a name is known by */
	struct emote_name {
		struct slice text;
		uint32_t at; /* where it is first */
	} name[EMOTES_MAX];  /* the distinct ones, by at */

	size_t count; /* spans, in all the runs */
	struct emote_run run[EMOTES_MAX], *run_end;

	struct points points; /* of the text that they are in */
};

/*
 * Read an emotes tag, id:start-end,start-end/id:…, where start and end count
 * the text's code points from 0, both inclusive. What lies beyond the text is
 * kept and its name clamped to the text, perhaps to nothing. False when
 * something in the tag is not carried: a part that is malformed, or too long,
 * or more than EMOTES_MAX of them.
 *
 * `clean` says that no byte of the tag needs escaping in JSON, and
 * `ascii` that all of the text is ASCII; false, that it is not known.
 *
 * The tag is a line's: after it are 2 * CHUNK readable bytes, a ';' or a space
 * the first of them. The text is UTF-8, of at most POINTS_TEXT_MAX bytes, with
 * CHUNK more to read.
 */
bool emotes_read(struct emotes *e, struct slice tag, struct slice text,
    bool clean, bool ascii);

#endif
