#ifndef CLASSIFIER_WRITE_EMOTES_H
#define CLASSIFIER_WRITE_EMOTES_H

#include "emotes.h"

/* Bytes of JSON: a name, and a span with its id and name. */
enum {
	WRITE_EMOTE_NAME_MAX = 6 * EMOTES_NAME_MAX + 3,
	WRITE_EMOTE_SPAN_MAX = EMOTES_ID_MAX + WRITE_EMOTE_NAME_MAX + 64
};

/*
 * Write the distinct names, or the spans, as an array of JSON at p and return
 * the new end. `clean` says that nothing in the line needs escaping.
 */
char *write_emote_names(char *p, const struct emotes *e, bool clean);
char *write_emote_spans(char *p, const struct emotes *e, bool clean);

#endif
