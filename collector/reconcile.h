#ifndef COLLECTOR_RECONCILE_H
#define COLLECTOR_RECONCILE_H

#include "channels.h"
#include "identity.h"
#include "sets.h"

/*
 * The reconciler: of what is wanted and what has been seen it makes what is
 * to be done. It has no I/O and no clock. The caller tells it what happens
 * and what time it is (milliseconds that never go back); through its hooks
 * it says what to send and what has become of the channels. Every event costs
 * the same, whatever the number of channels.
 *
 * A JOIN is confirmed by ROOMSTATE, or by 366 (end of names) where no
 * ROOMSTATE follows. Unanswered it is tried again after 2, 4, 8 … 60
 * seconds, and after the fifth it counts as refused; a refusal is tried again
 * after an hour. Nothing waits behind a channel that is slow.
 *
 * A channel may be on several connections at once: on one of each side, and
 * while a connection is replaced, on its successor too. It has joined when
 * the first confirms it, is parted with the last, and misses lines only
 * while no connection has it.
 */
enum {
	RECONCILE_BATCH = 20, /* channels in one JOIN or PART line */
	RECONCILE_ANSWER = 10000,
	RECONCILE_NAMED = 1000,   /* from 366 to ROOMSTATE at most */
	RECONCILE_OVERLAP = 1000, /* the heir has joined: then we part */
	RECONCILE_RETRY_FIRST = 2000,
	RECONCILE_RETRY_MOST = 60000,
	RECONCILE_REFUSED = 3600000,
	RECONCILE_TRIES = 5, /* unanswered, and the channel is refused */
	RECONCILE_MUTE = 20  /* in a row, and the connection is to blame */
};

TAILQ_HEAD(clients, client);

/* A connection that has logged in, as the reconciler knows it. */
struct client {
	struct identity *identity;
	unsigned side;
	struct seats seats;   /* that it holds */
	struct seats due;     /* of them, those to be joined */
	struct seats leaving; /* and those to be parted */
	unsigned count;       /* of seats */
	unsigned unanswered;  /* JOINs since one was confirmed */
	bool attached, parts;
	bool retiring; /* it takes nothing more */
	bool busy;     /* the caller's: it can send nothing now */
	struct timer timer;
	struct clients *line;     /* it stands in, or NULL */
	TAILQ_ENTRY(client) same; /* of the same identity */
	TAILQ_ENTRY(client) line_link;
	TAILQ_ENTRY(client) parts_link;
};

struct reconcile_hooks {
	/* Send one JOIN, or PART, line for these n channels. */
	void (*join)(void *arg, struct client *client,
	    struct channel *const *channels, unsigned n);
	void (*part)(void *arg, struct client *client,
	    struct channel *const *channels, unsigned n);
	/* The client has come into the channel, as the first; or has left
	   it, as the last, and reason is NULL when that was wanted. */
	void (*joined)(void *arg, struct client *client,
	    const struct channel *channel);
	void (*parted)(void *arg, struct client *client,
	    const struct channel *channel, const char *reason);
	void (*refused)(void *arg, struct client *client,
	    const struct channel *channel);
	/* The channel, joined again or no longer wanted, has missed what was
	   said between these times. */
	void (*gap)(void *arg, struct channel *channel, int64_t from,
	    int64_t to, const char *reason);
	/* The channel is about to be freed. */
	void (*forgotten)(void *arg, struct channel *channel);
	/* The client's JOINs or PARTs are answered no more: detach it. */
	void (*mute)(void *arg, struct client *client);
	/* The client was retired and holds nothing any more. */
	void (*left)(void *arg, struct client *client);
};

struct reconcile_counts {
	uint64_t tried, confirmed, refused, unanswered;
};

struct reconcile {
	const struct reconcile_hooks *hooks;
	void *arg;
	unsigned per_client; /* channels on one connection, at most */
	unsigned sides;      /* that are in use */
	struct channels channels;
	size_t desired;
	unsigned sets;         /* how many times reconcile_set was called */
	size_t phases[PHASES]; /* how many channels are in each */
	struct reconcile_counts counts;
	bool changed;   /* something to show; the caller resets it */
	int64_t unread; /* until then answers may not have been read */
	struct timers timers;
	struct seats waiting[SIDES];  /* see lobby.h */
	struct clients hungry[SIDES]; /* they could take a channel */
	struct clients eager;         /* there is one that only they take */
	TAILQ_HEAD(, client) parts;   /* they have seats that leave */
};

/* Each channel is to be on so many connections: 1 to SIDES. */
void reconcile_open(struct reconcile *r, unsigned per_client,
    unsigned redundancy, const struct reconcile_hooks *hooks, void *arg);
void reconcile_close(struct reconcile *r);

/* A canonical name is wanted, or no longer. True if that is new. */
bool reconcile_want(struct reconcile *r, const char *name, int64_t now);
bool reconcile_unwant(struct reconcile *r, const char *name, int64_t now);

/*
 * An earlier reader has seen the channel until then and no longer; a channel
 * that is not wanted is passed over. The hole ends when it is joined.
 */
void reconcile_resume(struct reconcile *r, struct slice name, int64_t seen,
    const char *reason);

/* No more will be seen: the holes that are still open end now. */
void reconcile_end(struct reconcile *r, int64_t now);

/*
 * These n canonical names are wanted, and no others. True if that changes
 * anything.
 */
bool reconcile_set(struct reconcile *r, const struct name *names, size_t n,
    int64_t now);

/* How many connections of each side the wanted channels fill. */
size_t reconcile_clients_needed(const struct reconcile *r);

/*
 * A connection of this side has logged in as this identity; it stays the
 * caller's and must not move.
 */
void reconcile_attach(struct reconcile *r, struct client *client,
    struct identity *identity, unsigned side);

/*
 * It is gone, what had come at `heard` was all read: its channels wait for
 * another. It was alive until `alive`, heard or now: a connection may be quiet
 * for a while and miss nothing.
 */
void reconcile_detach(struct reconcile *r, struct client *client, int64_t heard,
    int64_t alive, int64_t now);

/*
 * The connection is to be replaced: it takes no channel more. Then its
 * successor, just attached, inherits its channels: it joins exactly these,
 * and each is left on the old connection when it has joined. Whatever becomes
 * of either, a channel that was joined is joined again.
 */
void reconcile_retire(struct reconcile *r, struct client *client);
void reconcile_inherit(struct reconcile *r, struct client *client,
    struct client *successor, int64_t now);

/* The caller has reset client->busy. */
void reconcile_ready(struct reconcile *r, struct client *client);

/* What the server said on this connection of a channel. */
void reconcile_roomstate(struct reconcile *r, struct client *client,
    struct slice name, struct slice id, int64_t now);
void reconcile_names(struct reconcile *r, struct client *client,
    struct slice name, int64_t now);
void reconcile_parted(struct reconcile *r, struct client *client,
    struct slice name, int64_t now);
/* reason is a constant. */
void reconcile_refused(struct reconcile *r, struct client *client,
    struct slice name, const char *reason, int64_t now);
/* The identity is in as many channels as it may be. */
void reconcile_full(struct reconcile *r, struct client *client,
    struct slice name, int64_t now);

/*
 * What servers send waits unread: until RECONCILE_ANSWER from now no JOIN and
 * no PART counts as unanswered.
 */
void reconcile_unread(struct reconcile *r, int64_t now);

/*
 * Do what is due. Returns when to call again, TIMERS_NEVER for not before
 * something happens.
 */
int64_t reconcile_run(struct reconcile *r, int64_t now);

#endif
