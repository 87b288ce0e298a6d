#ifndef COLLECTOR_ASSIGN_H
#define COLLECTOR_ASSIGN_H

#include "reconcile.h"

/*
 * The reconciler's inside: which connection joins which channel, and when.
 */

/* Give the waiting channels to the clients in turn, a line's worth each. */
void assign_joins(struct reconcile *r, int64_t now);

/* Send the PARTs that are wanted. */
void assign_parts(struct reconcile *r, int64_t now);

#endif
