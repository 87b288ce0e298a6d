#ifndef CLASSIFIER_POINTS_H
#define CLASSIFIER_POINTS_H

#include <stdbool.h>
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

/*
 * Find the points of a text: UTF-8 of at most POINTS_TEXT_MAX bytes. `ascii`
 * says that all of it is ASCII; false, that it is not known.
 */
void points_read(struct points *p, struct slice text, bool ascii);

/* For points_slice: the same where not all of it is ASCII. */
struct slice points_search(const struct points *p, uint32_t first,
    uint32_t last);

/*
 * The code points from first to last, from 0, both inclusive; what lies
 * beyond the text is left out.
 */
static inline struct slice
points_slice(const struct points *p, uint32_t first, uint32_t last)
{
	if (last < p->ascii)
		return (struct slice){p->text.p + first, last - first + 1};
	return points_search(p, first, last);
}

#endif
