#ifndef CTL_PIPELINE_H
#define CTL_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arguments.h"
#include "joint.h"
#include "metrics.h"
#include "stage.h"
#include "status.h"

/*
 * Programs joined by pipes, one's output being the next one's input, and kept
 * running: a stage that dies is started again, and its neighbours do not
 * notice. At its end it may split: tee(1) gives what the stages before it
 * wrote to each of those after it.
 *
 * It stops from the head: the first stage is told to, and when one has ended
 * the input of those that it feeds ends. Only what a stage itself held when it
 * died is lost.
 */
enum { PIPELINE_MAX = 16 };

struct pipeline {
	struct stage stages[PIPELINE_MAX];
	size_t n;
	struct joint joints[PIPELINE_MAX];
	size_t n_joints;
	size_t split;         /* the stage that is tee(1); 0: there is none */
	struct arguments tee; /* its arguments … */
	int branches[PIPELINE_MAX]; /* … and the descriptors that they name */
	bool stopping;              /* the head is to end, then the others */
	int64_t stopped; /* clock_mono() of the first request to stop */
	unsigned grace;  /* how long each has once its input has ended, s */
	int signals;     /* signalfd(2) */
	int watched;     /* our standard output, for the loss of its reader */
	enum status worst;
	struct metrics metrics;
};

/*
 * Append a program: its name and arguments, NULL at the end, for its start;
 * and those for when it is started again, having run for a second. They stay
 * the caller's. It reads what the stage before it writes; or, after a
 * pipeline_split, what the stage before that writes.
 */
void pipeline_add(struct pipeline *p, char **argv, char **again);

/* All stages added from now on read the same. */
void pipeline_split(struct pipeline *p);

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

/* --- parts of pipeline_run */

/* Make the pipes. Returns 0, or -1 with errno set. */
int pipeline_join(struct pipeline *p);

/* Say how the stages are, in the metrics file. */
void pipeline_report(struct pipeline *p);

#endif
