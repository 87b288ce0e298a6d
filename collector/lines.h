#ifndef COLLECTOR_LINES_H
#define COLLECTOR_LINES_H

#include <stdint.h>

#include "bytes.h"

/*
 * IRC lines out of WebSocket messages. A message holds one line or several,
 * each ended by CR LF, by LF, or by the message's end; it arrives in chunks.
 *
 *	lines_feed(&l, chunk, last);
 *	while (lines_next(&l, &line))
 *		handle(line);
 *
 * A line longer than LINES_MAX is counted and passed over.
 */
enum { LINES_MAX = 64 * 1024 };

struct lines {
	struct slice in;    /* fed, not given out yet */
	struct bytes begun; /* a line whose end has not come */
	size_t given;       /* of `begun`: what the last call gave out */
	bool last, skipping;
	uint64_t too_long; /* how many were passed over */
};

/*
 * The next chunk, `last` if the message ends with it. It is borrowed until
 * lines_next has returned false.
 */
void lines_feed(struct lines *l, struct slice chunk, bool last);

/*
 * The next line, without its end and never empty: true, and *line is
 * borrowed, as long as its chunk is, or until the next call if it began in an
 * earlier one, when l->given is not 0; or false when what was fed holds no
 * more.
 */
bool lines_next(struct lines *l, struct slice *line);

void lines_close(struct lines *l);

#endif
