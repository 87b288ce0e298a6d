#ifndef PUBLISHER_SPOOL_SPOOL_REPAIR_H
#define PUBLISHER_SPOOL_SPOOL_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "segment.h"

/*
 * After a crash: cut every segment to whole lines, and say what was cut. A
 * segment that does not reach to the next has lost its end in a power cut. But
 * the last one's begun line stays when `input` is the pipe that it came from,
 * since its rest is still in there. *restarted tells whether the machine may
 * have been restarted since. Returns where the last segment ends, 0
 * when there is none; or -1 with errno set.
 */
int64_t spool_repair(const struct segments *s, const char *path, int input,
    bool *restarted);

#endif
