#ifndef COLLECTOR_DISPATCH_H
#define COLLECTOR_DISPATCH_H

#include "pool.h"

/*
 * Between the connections and the reconciler: what a line means for a
 * channel, and what the reconciler wants said or recorded.
 */

/* The reconciler's hooks; their arg is the feed. */
extern const struct reconcile_hooks dispatch_hooks;

/* A line has come: record it, and tell the reconciler. */
void dispatch_line(struct slot *slot, struct slice line,
    const struct peek *peek);

#endif
