#ifndef COLLECTOR_METER_H
#define COLLECTOR_METER_H

#include "control.h"
#include "metrics.h"
#include "pool.h"

/* Say all values of ws-reader's metrics file, ws-reader.prom. */
void meter_say(struct metrics *m, const struct pool *pool,
    const struct control *control);

#endif
