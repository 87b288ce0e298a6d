#ifndef CLASSIFIER_CLASSIFIER_H
#define CLASSIFIER_CLASSIFIER_H

#include <stdint.h>

#include "event.h"
#include "line.h"
#include "log.h"
#include "out.h"
#include "project.h"

/*
 * Lines in, events out: irc-line(5) or IRC to irc-event(5).
 */
enum { CLASSIFIER_EXCLUDE_MAX = 64 };

struct classifier {
	/* What the user wants; set before the first line. */
	uint64_t types;            /* a bit for each type to put out */
	struct projection project; /* none: the whole event */
	struct slice exclude[CLASSIFIER_EXCLUDE_MAX];
	size_t exclude_count; /* logins whose messages are dropped */
	bool raw;
	struct out *out;
	struct out *reject; /* for malformed lines, or NULL */

	/* What has been. */
	uint64_t lines, bytes, events[EVENT_TYPE_COUNT];

	struct event event;
	struct log_limit limit;
	char *utf8, *scratch; /* room for a line's repair and undoing */
	char reason[128];
	char hold[4]; /* of an oversized line, for its next piece */
	size_t held;
};

/*
 * Prepare c, which is all zeros, as static memory is: it is too large to clear
 * at every start. Every type but server's is chosen. out and reject need
 * buffers of CLASSIFIER_OUT. Returns 0, or -1 when out of memory.
 * classifier_close frees.
 */
int classifier_open(struct classifier *c, struct out *out);
void classifier_close(struct classifier *c);

enum { CLASSIFIER_OUT = 4 * 1024 * 1024 + 256 * 1024 };

/*
 * Classify a line, or a piece of one that is too long, and put the event out
 * if it is wanted. Malformed lines are warned about, at most once a second.
 */
void classifier_line(struct classifier *c, const struct line *line);

#endif
