#ifndef PUBLISHER_SPOOL_LEDGER_H
#define PUBLISHER_SPOOL_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The records that were given to a destination and are not all settled, by
 * their numbers: where each ends in the spool, and whether it is settled. They
 * settle in any order; the position before which everything is settled moves
 * when the lowest does.
 */
enum { LEDGER_MAX = 1 << 20 }; /* records, 8 bytes each */

struct ledger {
	uint64_t *slots;    /* end << 1 | settled, by number % LEDGER_MAX */
	uint64_t low, high; /* the numbers in it: low … high - 1 */
	uint64_t position;  /* everything before it is settled */
};

/*
 * Begin at this position of the spool; the first record will be number 1.
 * Returns 0, or -1 when out of memory. ledger_close frees.
 */
int ledger_open(struct ledger *l, uint64_t position);
void ledger_close(struct ledger *l);

/* True if another record must wait until the lowest settles. */
bool ledger_full(const struct ledger *l);

/* Add record number l->high, which ends there. */
void ledger_add(struct ledger *l, uint64_t end);

/*
 * The last that was added is settled, and is longer than was said: it ends
 * there.
 */
void ledger_extend(struct ledger *l, uint64_t end);

/* Settle one that is in it. */
void ledger_settle(struct ledger *l, uint64_t number);

/* Of one that is in it: is it settled, and where does it end? */
bool ledger_settled(const struct ledger *l, uint64_t number);
uint64_t ledger_end(const struct ledger *l, uint64_t number);

#endif
