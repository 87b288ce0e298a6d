#ifndef COLLECTOR_STAMP_H
#define COLLECTOR_STAMP_H

#include <stdint.h>

enum { STAMP_MAX = 32 };

/* Unix milliseconds as RFC 3339 in UTC: 2026-11-21T03:30:00.123Z. */
void stamp_write(int64_t ms, char out[STAMP_MAX]);

#endif
