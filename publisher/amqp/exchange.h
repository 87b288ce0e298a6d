#ifndef PUBLISHER_AMQP_EXCHANGE_H
#define PUBLISHER_AMQP_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/server_options.h"
#include "slice.h"
#include "status.h"

struct amqp_connection_state_t_;

/*
 * A topic exchange of a broker that speaks AMQP 0-9-1, RabbitMQ above all, over
 * a connection with publisher confirms: the broker says of each message that
 * it has it.
 */
enum {
	EXCHANGE_WHY_MAX = 400,
	EXCHANGE_KEY_MAX = 255,
	/*
	 * Bytes that may be out and not confirmed: no more than the socket
	 * takes even from a broker that has stopped reading, so that publishing
	 * never waits for one that is dead.
	 */
	EXCHANGE_WINDOW = 200 * 1024
};

struct exchange {
	/* Set by the caller; all else zero. */
	struct server_options server;
	const char *vhost, *name;
	bool transient; /* it does not outlive a restart of the broker */

	/* When a call failed. */
	char why[EXCHANGE_WHY_MAX];
	enum status status; /* STATUS_FAILED: connect again, and try again */
	bool refused;       /* for what a message is, not for what we are */

	bool blocked; /* the broker takes nothing for now, and said so */
	struct amqp_connection_state_t_ *connection; /* NULL: none */
	uint64_t published;                          /* its last number */
};

struct exchange_message {
	struct slice key;  /* at most EXCHANGE_KEY_MAX */
	struct slice body; /* JSON */
	struct slice id;   /* empty: none; at most EXCHANGE_KEY_MAX */
	struct slice type; /* the same */
	int64_t timestamp; /* Unix ms; -1: none */
};

/* What the broker says. */
enum exchange_said {
	EXCHANGE_NOTHING,  /* for now */
	EXCHANGE_ACKED,    /* it has the message `number`, */
	EXCHANGE_NACKED,   /* or will not have it; */
	EXCHANGE_RETURNED, /* it has no queue for the message with a body of */
			   /* this hash; it is dropped, and acked next */
	EXCHANGE_LOST      /* nothing more: the call failed */
};

struct exchange_news {
	uint64_t number;
	bool multiple; /* so are all before it */
	uint64_t hash; /* hash_of the body */
};

/*
 * Connect, log in and declare the exchange, unless that is done already and
 * the connection lives. Returns 0, or -1 with why and status set.
 */
int exchange_connect(struct exchange *e);

/*
 * Publish a message, persistent; its number is e->published. Returns 0; or -1
 * with why and status set, and the connection is lost.
 */
int exchange_publish(struct exchange *e, const struct exchange_message *m);

/*
 * Hear what the broker says next, waiting at most ms; heartbeats are seen to.
 * EXCHANGE_LOST: why, status and refused are set.
 */
enum exchange_said exchange_hear(struct exchange *e, int ms,
    struct exchange_news *news);

/* Leave the broker. */
void exchange_close(struct exchange *e);

#endif
