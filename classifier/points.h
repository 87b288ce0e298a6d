#ifndef CLASSIFIER_POINTS_H
#define CLASSIFIER_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "slice.h"

/* Where the code points of a text are. */
enum {
	POINTS_TEXT_MAX = 3 * 128 * 1024, /* bytes */
	POINTS_STEP = 64                  /* bytes */
};

struct points {
	struct slice text;
	size_t ascii; /* that many at its front are bytes */
	/* How many begin before each step. */
	uint32_t before[POINTS_TEXT_MAX / POINTS_STEP + 1];
};

/* Find the points of a text: UTF-8 of at most POINTS_TEXT_MAX bytes. */
void points_read(struct points *p, struct slice text);

/* For points_at: the same of one that is behind what is not ASCII. */
const char *points_search(const struct points *p, uint32_t n);

/* Where code point n begins, from 0; the text's end when it has none. */
static inline const char *
points_at(const struct points *p, uint32_t n)
{
	return n <= p->ascii ? p->text.p + n : points_search(p, n);
}

#endif
