#ifndef CLASSIFIER_TAGS_H
#define CLASSIFIER_TAGS_H

#include "event.h"

/* Make ready. Call it once, first. */
void tags_open(void);

/*
 * Read the tags that *line, of IRC, begins with, '@' and all, into fields of
 * the event, and take them off it with the spaces after them. An empty value
 * is a missing one, as is the 0 of a flag at the top; the last of equal keys
 * counts. The line has at most EVENT_LINE_MAX bytes, or that many were in it
 * before it was made UTF-8, and SIMD_BLOCK readable ones after. Returns NULL,
 * or, in a few words, what is wrong.
 */
const char *tags_read(struct event *e, struct slice *line);

#endif
