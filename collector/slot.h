#ifndef COLLECTOR_SLOT_H
#define COLLECTOR_SLOT_H

#include "conn.h"
#include "reconcile.h"
#include "token.h"

/*
 * One of the pool's connections, opened again and again for as long as it is
 * needed: the token first, then the login, and after a loss a wait. One that
 * is replaced lives on until its successor has joined its channels.
 */
enum {
	SLOT_RETRY_FIRST = 1000, /* ms; doubling, with full jitter */
	SLOT_RETRY_MOST = 60000,
	SLOT_STEADY = 30000 /* it has been of use: retry from the first */
};

enum slot_state {
	SLOT_QUEUED, /* to be opened in its turn */
	SLOT_TOKEN,  /* the token command runs */
	SLOT_OPEN,   /* see conn.state */
	SLOT_BACKOFF /* lost, to be queued again */
};

/* Why a connection is opened anew. */
enum reconnect {
	RECONNECT_SERVER,  /* the server asks for it */
	RECONNECT_COMMAND, /* a command does */
	RECONNECT_CLOSED,  /* the server closed it */
	RECONNECT_SILENT,  /* it gave no sign of life */
	RECONNECT_MUTE,    /* JOINs or PARTs were not answered */
	RECONNECT_ERROR,   /* of the network, TLS or WebSocket */
	RECONNECT_SETUP,   /* it did not come as far as the welcome */
	RECONNECTS
};

struct slot {
	struct pool *pool;
	unsigned number;
	unsigned side;
	bool replaced; /* when it ends it is not opened again */
	struct slot *successor, *predecessor;
	enum slot_state state;
	int64_t since; /* of the state */
	unsigned failures;
	unsigned refusals; /* logins refused since one went well */
	struct identity *identity;
	struct identity own; /* of an anonymous one */
	struct client client;
	struct conn conn;
	struct token_request token;
	struct alarm alarm; /* the backoff is over */
	TAILQ_ENTRY(slot) queue;
};

struct pool;

/* What a slot does when something happens to its connection. */
extern const struct conn_hooks slot_hooks;

/*
 * Fill a zeroed slot; account is NULL for an anonymous one, predecessor for one
 * that replaces no other.
 */
void slot_open(struct slot *slot, struct pool *pool, struct identity *account,
    unsigned side, struct slot *predecessor);

/*
 * Open a successor, and have it take over the channels, before this one is
 * left. Nothing happens when it is not logged in, or replaced already.
 */
void slot_replace(struct slot *slot, enum reconnect why);

/*
 * Line up to be opened, before all that replace no other: those have nothing
 * to lose. Then it is its turn.
 */
void slot_enqueue(struct slot *slot);
void slot_start(struct slot *slot);

/* Close it, give its number back and free it. */
void slot_drop(struct slot *slot);

/* The slot a client belongs to. */
struct slot *slot_of(struct client *client);

/* The reason as the metrics have it. */
const char *slot_reconnect_name(enum reconnect why);

/* The state as status.json has it. */
const char *slot_state_name(const struct slot *slot);

#endif
