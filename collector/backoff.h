#ifndef COLLECTOR_BACKOFF_H
#define COLLECTOR_BACKOFF_H

#include <stdint.h>

/*
 * How long to wait before trying again what has failed so many times in a
 * row, at least once: first, then doubling, at most `most`.
 */
int64_t backoff_delay(unsigned failures, int64_t first, int64_t most);

#endif
