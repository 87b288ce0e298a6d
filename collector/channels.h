#ifndef COLLECTOR_CHANNELS_H
#define COLLECTOR_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "channel.h"
#include "gaps.h"
#include "timers.h"

/*
 * What is known of each channel, found by its name. The reconciler alone
 * changes it, but for last_line and lines.
 */
enum { CHANNEL_ID_MAX = 20 };

/*
 * A connection is of one side or, with --redundancy 2, of the other; each
 * channel has a place on a connection of each, so that they are never the same.
 */
enum { SIDES = 2 };

/* A channel as others see it, in the words of status.json. */
enum phase {
	PHASE_IDLE, /* waiting for its turn */
	PHASE_REFUSED,
	PHASE_PARTING,
	PHASE_JOINING,
	PHASE_JOINED,
	PHASES
};

/*
 * A channel's place on a connection. Numbered so that what holds a
 * connection comes after what does not.
 */
enum seat_state {
	SEAT_WAITING, /* for a connection with room */
	SEAT_BACKOFF, /* for another try */
	SEAT_REFUSED, /* for another try, much later */
	SEAT_DUE,     /* the JOIN is to be sent, on this connection */
	SEAT_JOINING, /* the JOIN is sent */
	SEAT_JOINED,
	SEAT_LEAVING, /* the PART is to be sent */
	SEAT_PARTING  /* the PART is sent */
};

struct client;
struct identity;

struct seat {
	struct channel *channel;
	unsigned side;         /* of the connections that it may be on */
	struct client *client; /* NULL below SEAT_DUE */
	struct identity *home; /* waiting: for this account's; or NULL */
	enum seat_state state;
	unsigned failures;     /* tries without an answer since one went well */
	bool named;            /* joining: 366 has come, ROOMSTATE not yet */
	bool in;               /* the server has let us in, and not out again */
	int64_t joined;        /* when it did */
	struct seat *heir;     /* takes its place; see reconcile_inherit */
	struct seat *ancestor; /* whose heir it is */
	struct timer timer;
	TAILQ_ENTRY(seat) same; /* of the same channel */
	TAILQ_ENTRY(seat) held; /* among its client's */
	TAILQ_ENTRY(seat)
	queue; /* among the waiting; a client's due, leaving */
};

TAILQ_HEAD(seats, seat);

struct channel {
	char name[CHANNEL_MAX + 1];
	char id[CHANNEL_ID_MAX + 1]; /* empty: not known */
	bool desired;
	unsigned named; /* in which reconcile_set, the last time */
	enum phase phase;
	int64_t since;      /* of the phase, on the caller's clock */
	int64_t last_line;  /* Unix ms; 0: none yet */
	uint64_t lines;     /* that named it */
	const char *reason; /* why it is refused */
	int64_t lost;       /* since when lines are missed; 0: none are */
	const char *lost_why;
	int64_t covered; /* by connections lost since, as far as is known */
	struct channel_gaps gaps;
	struct seats seats;
	struct channel *next; /* of the same bucket */
	TAILQ_ENTRY(channel) all;
};

struct channels {
	struct channel **bucket;
	size_t n, buckets; /* a power of two, or 0 */
	TAILQ_HEAD(all_channels, channel) all;
	struct channel *walk, *walk_end; /* channels_next's, and the last one */
};

void channels_open(struct channels *c);
void channels_close(struct channels *c);

/* The channel of this name, or NULL. */
struct channel *channels_find(const struct channels *c, struct slice name);

/* A new one; the name is canonical and has none yet. */
struct channel *channels_add(struct channels *c, const char *name);

/* Remove and free it, with its seats. */
void channels_remove(struct channels *c, struct channel *channel);

/*
 * Walk through all of them, one walk at a time, which may take a while: what
 * goes meanwhile is not met any more, nor is what comes. channels_next returns
 * NULL at the end.
 */
void channels_walk(struct channels *c);
struct channel *channels_next(struct channels *c);

/* The phase as status.json has it. */
const char *channels_phase_name(enum phase phase);

#endif
