#ifndef CTL_PIPELINE_H
#define CTL_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics.h"
#include "stage.h"
#include "status.h"

/*
 * Programs joined by pipes, the first one's output being the second's input,
 * and kept running. Both ends of every pipe stay open here, so that a stage
 * that dies is started again on the same pipes, with what they hold, and its
 * neighbours see neither the end of their input nor EPIPE.
 *
 * It stops from the head: the first stage is told to, and when one has ended
 * the next one's input ends. Only what a stage itself held when it died is
 * lost.
 */
enum { PIPELINE_MAX = 3 };

struct pipeline {
	struct stage stages[PIPELINE_MAX];
	size_t n;
	size_t head;      /* the first stage that has not ended for good */
	bool stopping;    /* the head is to end, then the stage after it … */
	int64_t stopped;  /* clock_mono() of the first request to stop */
	int64_t deadline; /* while stopping: when the head is killed */
	unsigned grace;   /* how long it has, s */
	int signals;      /* signalfd(2) */
	int watched;      /* our standard output, for the loss of its reader */
	enum status worst;
	struct metrics metrics;
};

/*
 * Append a program: its name and arguments, NULL at the end, for its start;
 * and those for when it is started again, having run for a second. They stay
 * the caller's.
 */
void pipeline_add(struct pipeline *p, char **argv, char **again);

/*
 * Run the stages until all have ended for good; `prints` if the last one
 * writes to our standard output. Stops on SIGTERM, SIGINT or SIGHUP (one that
 * is ignored stays ignored), when the first stage ends with status 0, when any
 * ends with a status that wants a person, or when nobody reads our standard
 * output any more. A stage that has not ended `grace` seconds after it could,
 * or any at a second signal, is killed. Returns the worst status of those that
 * ended while stopping.
 */
enum status pipeline_run(struct pipeline *p, unsigned grace, bool prints);

#endif
