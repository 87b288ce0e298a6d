#ifndef PUBLISHER_KAFKA_REDO_H
#define PUBLISHER_KAFKA_REDO_H

#include <stddef.h>
#include <stdint.h>

#include "slice.h"

/*
 * Records to be sent again since a broker refused them, which it does to a
 * whole batch for one record of it. They are sent in their order, in ever
 * smaller units, until the one at fault is alone.
 */
enum redo_fate {
	REDO_UNSENT, /* or sent in vain, by no fault of its own */
	REDO_ACKED,
	REDO_REFUSED
};

struct redo_record {
	uint64_t number; /* its place in the order */
	enum redo_fate fate;
	int err; /* of REDO_REFUSED: librdkafka's word */
	size_t len;
	char bytes[];
};

struct redo {
	struct redo_record **list;
	size_t first, end, size; /* list[first] … list[end - 1] are left */
	size_t unit;             /* how many of the first are sent together */
};

/* Add a copy of a record. Returns 0, or -1 when out of memory. */
int redo_add(struct redo *r, uint64_t number, struct slice record);

/* How many are left. */
size_t redo_count(const struct redo *r);

/* All have been added: put them in order, and choose the first unit. */
void redo_begin(struct redo *r);

/*
 * All records of the unit have their fates: drop those that were acknowledged,
 * and choose the next unit. Returns the one that is known to be at fault, no
 * longer in the list, for the caller to free; or NULL.
 */
struct redo_record *redo_settle(struct redo *r);

/* Take the first out, for the caller to free; NULL when none is left. */
struct redo_record *redo_take(struct redo *r);

/* Free all. */
void redo_free(struct redo *r);

#endif
