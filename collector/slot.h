#ifndef COLLECTOR_SLOT_H
#define COLLECTOR_SLOT_H

#include "conn.h"
#include "reconcile.h"
#include "token.h"

/*
 * One of the pool's connections, opened again and again for as long as it is
 * needed: the token first, then the login, and after a loss a wait.
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

struct slot {
	struct pool *pool;
	unsigned number;
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

/* Fill a zeroed slot; account is NULL for an anonymous one. */
void slot_open(struct slot *slot, struct pool *pool, struct identity *account);

/* Line up to be opened; it is its turn. */
void slot_enqueue(struct slot *slot);
void slot_start(struct slot *slot);

/* Close it, give its number back and free it. */
void slot_drop(struct slot *slot);

/* The slot a client belongs to. */
struct slot *slot_of(struct client *client);

/* The state as status.json has it. */
const char *slot_state_name(const struct slot *slot);

#endif
