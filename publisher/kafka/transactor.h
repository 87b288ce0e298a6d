#ifndef PUBLISHER_KAFKA_TRANSACTOR_H
#define PUBLISHER_KAFKA_TRANSACTOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "envelope.h"
#include "kafka_conf.h"

struct rd_kafka_s;

/*
 * The calls of Kafka's transactions, which wait for brokers, in a thread of
 * their own, one at a time. While one is under way the client, and all that
 * its callbacks touch, belong to the thread.
 */
enum transactor_call {
	TRANSACTOR_INIT,   /* end what another process left under this id */
	TRANSACTOR_LOCATE, /* read `position` as it was committed last */
	TRANSACTOR_COMMIT, /* with `position` */
	TRANSACTOR_ABORT
};

enum transactor_result {
	TRANSACTOR_DONE,
	TRANSACTOR_ABORTABLE, /* the transaction has failed: abort it */
	TRANSACTOR_FATAL      /* the client is of no use any more */
};

struct transactor {
	/* Set by the caller. */
	struct rd_kafka_s *handle;
	const char *group; /* that positions are committed for */
	int timeout;       /* ms, after which brokers give a transaction up */
	int fd;            /* an eventfd(2), written when a call has ended */

	int64_t position; /* of LOCATE: -1 if there is none */
	/* One that the transaction has written; before: the only one, or "". */
	char topic[ENVELOPE_TOPIC_MAX + 1];

	/* What has become of the last call. */
	enum transactor_result result;
	int error; /* librdkafka's number */
	char why[KAFKA_WHY_MAX];

	enum transactor_call call;
	bool running, busy, stop;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t change;
};

/* Start the thread. Returns 0, or -1 with errno set. */
int transactor_open(struct transactor *t);

/*
 * End the thread, if there is one. Returns false if it is in a call that goes
 * on: then it stays, and the client must be left alone until the process ends.
 */
bool transactor_close(struct transactor *t);

/* Begin a call; none is under way. */
void transactor_start(struct transactor *t, enum transactor_call call);

/* True until the call has ended; wait for that at most so many ms. */
bool transactor_busy(struct transactor *t, int ms);

#endif
