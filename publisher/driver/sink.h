#ifndef PUBLISHER_DRIVER_SINK_H
#define PUBLISHER_DRIVER_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "histogram.h"
#include "line.h"
#include "log.h"
#include "metrics.h"
#include "reject.h"
#include "sink_options.h"
#include "slice.h"
#include "source.h"
#include "status.h"
#include "summary.h"

/*
 * The driver of every publisher. It reads records, one a line, gives them to
 * one destination, counts what became of each, and ends when all of them are
 * accounted for: acknowledged, rejected, or given up and said so.
 */
enum { SINK_NAME_MAX = 128 };

enum sink_put {
	SINK_TAKEN, /* its fate comes by sink_acked, sink_refused, … */
	SINK_FULL,  /* not now: again after a serve */
	SINK_BAD    /* never */
};

/* What a destination can do. */
struct sink_ops {
	/*
	 * Take a record, borrowed for the call; `number` is its own, and its
	 * fate is told by it. Numbers rise in the order of the input, which is
	 * the order to keep. For SINK_BAD *why says why, borrowed until the
	 * next call.
	 */
	enum sink_put (*put)(void *dest, uint64_t number, struct slice record,
	    const char **why);

	/*
	 * Do what is due, without waiting; fates of records are told from
	 * here. Returns STATUS_OK; or, when there is no going on, what to exit
	 * with, and *why says why.
	 */
	enum status (*serve)(void *dest, const char **why);

	/*
	 * Give up on what was taken and has no fate yet: sink_abandoned for
	 * each such record.
	 */
	void (*abandon)(void *dest);

	/* Say metrics of its own, with sink_metric and its like. */
	void (*metrics)(void *dest);

	/*
	 * The input has ended: what waits for company waits in vain. NULL if
	 * nothing does.
	 */
	void (*hurry)(void *dest);

	/*
	 * When serve has something to do whether or not fd is readable, on
	 * clock_mono(); 0: never. NULL if that is always so.
	 */
	int64_t (*due)(void *dest);
};

struct sink {
	/* Set by the caller; all else zero. */
	const char *program; /* names the metrics */
	const struct sink_ops *ops;
	void *dest;
	const char *destination; /* which; a spool of another is refused */
	int fd;                  /* readable when serve has work */
	size_t record_max;       /* the longest record it takes, in bytes */
	struct sink_options options;

	struct source source;
	struct reject reject;
	struct metrics metrics;
	struct histogram latency;
	struct log_limit rejections;

	uint64_t records;   /* read */
	uint64_t acked;     /* the destination has them */
	uint64_t rejected;  /* it never will; named, and kept if asked */
	uint64_t abandoned; /* given up when time was over */
	uint64_t in_flight; /* taken, and no fate yet */

	enum status status;
	int64_t deadline; /* on clock_mono(); 0: none yet */
	bool open;
	bool progress;    /* something was acknowledged since the last look */
	bool dead;        /* the destination is beyond hope */
	bool idle;        /* there is nothing to give to it now */
	bool more;        /* there is, and it may have room */
	bool unkept;      /* something was rejected since the last flush */
	struct line line; /* what to give next, while holding */
	bool holding;
};

/*
 * Publish what comes on fd. On a stop, finish within `grace`; at the end of
 * the input go on as long as fates of records come within `grace` of each
 * other. Returns the exit status: STATUS_OK if every record was acknowledged,
 * or kept in the file of rejected ones.
 */
enum status sink_run(struct sink *s, int fd);

/*
 * What sink_run does first: open the spool, the file of rejected records, the
 * metrics. For a destination that needs the spool before.
 */
void sink_open(struct sink *s, int fd);

/* Replace the metrics file: for the driver. */
void sink_write_metrics(struct sink *s);

/* --- for destinations, about records they have taken, in any order */

/* One has arrived, `us` microseconds after it was taken. */
void sink_acked(struct sink *s, uint64_t number, int64_t us);

/* One is refused for good. */
void sink_refused(struct sink *s, uint64_t number, struct slice record,
    const char *why);

/* One was given up: the destination may have it, or not. */
void sink_abandoned(struct sink *s, uint64_t number, struct slice record);

/* --- for destinations that keep the place in the spool */

/*
 * The position after record `number`, and all before it that were rejected:
 * those are on the disk. Returns 0, or -1 if they cannot be.
 */
int sink_position(struct sink *s, uint64_t number, uint64_t *position);

/* The id of the spool, the same for ever. */
const char *sink_spool_id(const struct sink *s);

/* True if record `number`, which was taken, has no fate yet. */
bool sink_unsettled(const struct sink *s, uint64_t number);

/* The place will be told by sink_resume; see source_hold. */
void sink_hold(struct sink *s);

/*
 * Everything before this position is acknowledged; whatever else was taken and
 * has no fate is forgotten, and comes again under its number.
 */
void sink_resume(struct sink *s, uint64_t position);

/* The same, from the lowest that has no fate. */
void sink_rewind(struct sink *s);

/*
 * A value for the metrics file, from ops->metrics only: `what` is the family's
 * name after the program's; kind is counter or gauge. And those of many values.
 */
void sink_metric(struct sink *s, const char *what, const char *kind,
    const char *help, double v);
void sink_histogram(struct sink *s, const char *what, const char *help,
    const struct histogram *h);
void sink_summary(struct sink *s, const char *what, const char *help,
    const struct summary *summary);

#endif
