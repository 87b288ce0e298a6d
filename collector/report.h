#ifndef COLLECTOR_REPORT_H
#define COLLECTOR_REPORT_H

#include "pool.h"

/*
 * status.json in the run directory: each connection and each channel, as
 * ws-reader(1) describes it. It is written at most once a second, only when
 * something has changed, and never so often that it takes more than a
 * twentieth of the time.
 */
enum { REPORT_PERIOD = 1000, REPORT_SHARE = 20 };

struct report {
	char *path;
	int64_t started; /* Unix ms */
	int64_t next;    /* on clock_mono() */
	char *buf;
	size_t cap;
	bool failing;
};

void report_open(struct report *report, const char *path);
void report_close(struct report *report);

/* Write it now. A failure is warned about once, not fatal. */
void report_write(struct report *report, const struct pool *pool);

#endif
