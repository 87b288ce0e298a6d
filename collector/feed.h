#ifndef COLLECTOR_FEED_H
#define COLLECTOR_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "output.h"
#include "slice.h"

/*
 * The records of irc-line(5), into the output, in the order of the calls.
 *
 * When the buffer is full, lines are left out until half of it is free again;
 * then one gap record says how many and from when to when. A share of the
 * buffer is kept for the other records, so that they still find room.
 */
struct feed {
	struct output *out;
	int64_t now; /* Unix ms: when what is recorded was received */
	bool dropping;
	int64_t dropping_since;
	uint64_t dropped_now; /* lines, in this gap */
	uint64_t lines;       /* written, in all */
	uint64_t dropped;     /* left out, in all */
	uint64_t gaps;        /* records that say so */
};

void feed_open(struct feed *feed, struct output *out);

/* An IRC line, without its end. */
void feed_line(struct feed *feed, unsigned conn, struct slice line);

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

/* Lines of the channel may be missing between these times. */
void feed_gap(struct feed *feed, const char *channel, int64_t from, int64_t to,
    const char *reason);

/* The output has been flushed: end the gap if there is room again. */
void feed_recover(struct feed *feed);

#endif
