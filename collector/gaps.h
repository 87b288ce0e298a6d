#ifndef COLLECTOR_GAPS_H
#define COLLECTOR_GAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct channel;
struct feed;

/*
 * What is missing from the output, as the gap records of irc-line(5) say it,
 * each once. One that the full buffer has no room for waits, and what is
 * missing of the same channel meanwhile is said with it. Times are Unix ms.
 */
struct gap {
	const char *channel; /* its name; NULL: of no channel */
	int64_t from, to;
	uint64_t lines;     /* that were left out */
	const char *reason; /* one of gaps_reasons */
	bool waits;         /* to be said */
	uint64_t said;      /* where in the output the last one ends; 0 */
	int64_t floor;      /* the first `from` that may not have left yet */
	TAILQ_ENTRY(gap) link;
};

/* Of a channel. */
struct channel_gaps {
	struct gap hole;     /* we were not in it */
	struct gap overflow; /* we were, and the buffer was full */
};

enum { GAPS_REASONS = 5 };

extern const char *const gaps_reasons[GAPS_REASONS];

struct gaps {
	struct feed *feed;
	struct gap other; /* records, and lines of no channel */
	TAILQ_HEAD(, gap) waiting;
	struct {
		uint64_t records;
		int64_t ms;
	} counts[GAPS_REASONS]; /* said, by reason */
};

void gaps_open(struct gaps *g, struct feed *feed);

/* A line of the channel, NULL for none, is left out now. */
void gaps_line(struct gaps *g, struct channel *channel);

/* We were not in the channel between these times, and ought to have been. */
void gaps_hole(struct gaps *g, struct channel *channel, int64_t from,
    int64_t to, const char *reason);

/* Say what waits, as far as there is room. True if nothing waits now. */
bool gaps_say(struct gaps *g);

/* The channel is about to be freed; what waits of it is still said. */
void gaps_forget(struct gaps *g, struct channel *channel);

/*
 * All lines of a channel that was seen without a break until `seen` have left
 * the buffer, or a gap record that says otherwise has, up to this time.
 */
int64_t gaps_complete(const struct gaps *g, const struct channel *channel,
    int64_t seen);

#endif
