#ifndef COLLECTOR_CONTROL_H
#define COLLECTOR_CONTROL_H

#include <limits.h>

#include "fifo.h"
#include "log.h"
#include "loop.h"
#include "sets.h"

enum { CONTROL_HALF = 10000 }; /* ms: then a line's other half stays out */

/*
 * The commands of ws-reader-control(5), from the FIFO `ctl` in the run
 * directory. What is wrong in a line is refused and logged; the rest of the
 * line still counts.
 */
struct control_hooks {
	/* Each name of a join or part line; it is canonical. */
	void (*join)(void *arg, const char *name);
	void (*part)(void *arg, const char *name);
	/* These n channels, and no others. */
	void (*set)(void *arg, const struct name *names, size_t n);
	/* Open this connection anew; all of them if conn is negative. False
	   when there is none of that number. */
	bool (*reconnect)(void *arg, int64_t conn);
};

struct control {
	const struct control_hooks *hooks;
	void *arg;
	struct loop *loop;
	struct fifo fifo;
	struct watch watch;
	char line[PIPE_BUF]; /* begun, its end has not come */
	size_t len;
	int64_t touched; /* when bytes came last */
	bool too_long;   /* the rest of it is passed over */
	struct log_limit limit;
	struct sets sets;
	uint64_t commands, refused;
};

/*
 * Make the FIFO and listen. Returns 0, or -1 with errno set as fifo_open
 * does.
 */
int control_open(struct control *c, struct loop *loop, const char *path,
    const struct control_hooks *hooks, void *arg);
void control_close(struct control *c);

/* Handle bytes as they come from the FIFO, in any pieces. */
void control_feed(struct control *c, struct slice bytes);

#endif
