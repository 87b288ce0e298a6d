#ifndef PUBLISHER_REDO_H
#define PUBLISHER_REDO_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

/*
 * Records that a broker refused, to be sent again in ever smaller units, until
 * the one at fault is alone: a broker refuses a whole batch for one record.
 * First in, first out, so that they arrive in their order.
 */
enum redo_fate { REDO_WAITING, REDO_ACKED, REDO_REFUSED };

struct redo_record {
	struct redo_record *next;
	enum redo_fate fate; /* since the unit was sent */
	const char *why;     /* of REDO_REFUSED; lives on */
	size_t len;
	char bytes[];
};

struct redo {
	struct redo_record *first, **end; /* end: where the next one goes */
	size_t count;
	size_t unit; /* how many of the first are sent together */
};

/* Begin an empty list. */
void redo_open(struct redo *r);

/* Append a copy of a record. Returns 0, or -1 when out of memory. */
int redo_add(struct redo *r, struct slice record);

/* Take the first off; the caller frees it. NULL: there is none. */
struct redo_record *redo_take(struct redo *r);

/*
 * All records of the unit have their fates: drop those that were acknowledged,
 * and choose the next unit. Returns the one record that is known to be at
 * fault, off the list, for the caller to free; or NULL.
 */
struct redo_record *redo_settle(struct redo *r);

#endif
