#ifndef CTL_STAGE_H
#define CTL_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "status.h"

/*
 * One program of a pipeline: the child that runs it, and when the next child
 * is due if this one dies.
 */
struct stage {
	const char *name;  /* of the program; argv[0] too */
	unsigned twin;     /* 1; 2 for the second that runs this program … */
	char **argv;       /* for the next start */
	char **again;      /* once a child has lived for a second */
	int in, out;       /* what the child gets as its input and output */
	const int *more;   /* other descriptors that it gets as they are … */
	size_t n_more;     /* … so many */
	pid_t pid;         /* 0 while no child runs */
	bool over;         /* it will not be started again */
	int64_t deadline;  /* when it is killed, its input having ended; or 0 */
	int64_t started;   /* clock_mono() of the last start */
	int64_t due;       /* when the next start may be */
	int64_t delay;     /* from the next death to the start after it, ms */
	uint64_t restarts; /* deaths that were followed by a start */
};

/*
 * Start the child: the program beside this one, else the one in PATH. A head,
 * the first of its pipeline, is ended by SIGTERM, which it also gets when this
 * process dies; another ends when its input does and has SIGTERM blocked.
 * SIGINT and SIGHUP, which a terminal sends to all of them, are blocked in
 * both. A program that cannot be found is a child that exits with
 * STATUS_USAGE. Returns 0, or -1 with errno set.
 */
int stage_start(struct stage *stage, bool head);

/*
 * The child has died and shall be followed by another: at once if it lived
 * for a minute or is the first to die, else after 1, 2, 4 … 30 s. Returns
 * that delay in ms.
 */
int64_t stage_retry(struct stage *stage);

/* What waitpid(2) said of a child as one of our exit statuses. */
enum status stage_status(int how);

#endif
