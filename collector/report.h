#ifndef COLLECTOR_REPORT_H
#define COLLECTOR_REPORT_H

#include "atomic.h"
#include "pool.h"

/*
 * status.json in the run directory: each connection and each channel, as
 * ws-reader(1) describes it. It is written at most once a second, only when
 * something has changed, and never so often that it takes more than a
 * twentieth of the time; some channels at a time, so that lines wait for none
 * but these.
 */
enum { REPORT_PERIOD = 1000, REPORT_SHARE = 20 };

struct report {
	char *path;
	int64_t started; /* Unix ms */
	int64_t begun;   /* on clock_mono() */
	int64_t next;    /* on clock_mono(): not before */
	int64_t used;    /* microseconds, since it was begun */
	bool writing, failing;
	struct replacement file; /* that is being written */
	struct slice separator;  /* before the next channel */
	char *buf;
	size_t cap;
};

void report_open(struct report *report, const char *path);
void report_close(struct report *report);

/*
 * Begin to write it when it is due, or write on. Returns when to call again,
 * TIMERS_NEVER for not before something happens. A failure is warned about
 * once, not fatal.
 */
int64_t report_run(struct report *report, struct pool *pool, int64_t now);

/* Write all of it now. */
void report_write(struct report *report, struct pool *pool);

#endif
