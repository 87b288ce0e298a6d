#ifndef COLLECTOR_READER_H
#define COLLECTOR_READER_H

#include "control.h"
#include "hangup.h"
#include "metrics.h"
#include "pool.h"
#include "report.h"
#include "saver.h"

/*
 * ws-reader put together: connections, channels, the FIFO, the files, and
 * standard output.
 */
struct reader {
	const struct options *options;
	struct loop loop;
	struct output output;
	struct feed feed;
	struct reconcile reconcile;
	struct pool pool;
	struct control control;
	struct report report;
	struct metrics metrics;
	struct hangup hangup;
	struct watch stdout_watch, stop_watch;
	char *desired_path;
	char *account;      /* as channels.json has it */
	struct saver saver; /* of channels.json */
	int64_t save_at;    /* when to write it; TIMERS_NEVER */
	bool save_failing;  /* said already */
	bool idle;          /* said already that no channel is wanted */
	int status;         /* -1; or what to exit with */
};

/*
 * Open everything, and learn what is wanted. Exits with a sentence when that
 * cannot be done.
 */
void reader_open(struct reader *reader, const struct options *options);

/* Read until told to stop, or until it cannot go on. */
void reader_run(struct reader *reader);

/* Pass on what was taken, write the files. Returns the exit status. */
int reader_close(struct reader *reader);

#endif
