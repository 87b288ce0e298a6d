#ifndef COLLECTOR_FEED_H
#define COLLECTOR_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "gaps.h"
#include "output.h"
#include "slice.h"

/*
 * The records of irc-line(5), into the output, in the order of the calls.
 *
 * When the buffer is full, lines are left out until half of it is free again;
 * gap records say how many of each channel, and from when to when. A share of
 * the buffer is kept for the other records, so that they still find room.
 */
struct feed {
	struct output *out;
	struct gaps gaps;
	int64_t now;       /* Unix ms: when what is recorded was received */
	int64_t passed_on; /* Unix ms: what was received before has left */
	uint64_t mark;     /* of out->passed: then this has left, too: */
	int64_t mark_now;
	bool dropping;
	uint64_t dropped_now; /* lines, since it is dropping */
	uint64_t lines;       /* written, in all */
	uint64_t dropped;     /* left out, in all */
};

void feed_open(struct feed *feed, struct output *out);

/* An IRC line, without its end; of this channel, or NULL. */
void feed_line(struct feed *feed, unsigned conn, struct slice line,
    struct channel *channel);

/* Lifecycle records. A string may be NULL or empty: then it is left out. */
void feed_connected(struct feed *feed, unsigned conn, const char *account);
void feed_disconnected(struct feed *feed, unsigned conn, const char *reason);
void feed_reconnecting(struct feed *feed, unsigned conn, int64_t delay,
    const char *reason);
void feed_joined(struct feed *feed, unsigned conn, const char *channel,
    const char *channel_id);
void feed_parted(struct feed *feed, unsigned conn, const char *channel,
    const char *reason);
void feed_refused(struct feed *feed, unsigned conn, const char *channel,
    const char *reason);

/* What gaps.c has to say. False when there is no room. */
bool feed_gap(struct feed *feed, const struct gap *gap);

/*
 * How many bytes may be received at once so that, whatever they say, their
 * records fit in this much of the buffer; 0 for none.
 */
size_t feed_fits(size_t room);

/* True while nothing is left out and a good part of the buffer is free. */
bool feed_has_room(const struct feed *feed);

/*
 * The output has been flushed: note what has left, and go on if there is room
 * again.
 */
void feed_flushed(struct feed *feed);

/* The same at the end, when no more lines come. True if nothing waits. */
bool feed_end(struct feed *feed);

#endif
