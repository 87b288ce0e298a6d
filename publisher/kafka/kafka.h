#ifndef PUBLISHER_KAFKA_KAFKA_H
#define PUBLISHER_KAFKA_KAFKA_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka_conf.h"
#include "log.h"
#include "status.h"

struct rd_kafka_s;
struct rd_kafka_queue_s;

/*
 * What a producer and a consumer have in common: a client of librdkafka, its
 * talk, its errors, and the wait for a broker at the start. Everything runs in
 * the caller's thread, from kafka_serve.
 */
struct kafka {
	struct rd_kafka_s *handle;
	struct rd_kafka_conf_s *conf;
	bool consumer;
	char brokers[256]; /* where we were told to look, for messages */
	int fd;            /* readable when kafka_serve has work */

	enum status status;      /* STATUS_OK, or what to exit with */
	char why[KAFKA_WHY_MAX]; /* the sentence that goes with it */

	bool welcome; /* a broker has let an earlier client in */
	bool proven;  /* set by the caller: what it is here for has worked */

	bool lost;      /* the client cannot go on, a new one may */
	int lost_error; /* librdkafka's number */
	char lost_why[256];

	int64_t next_warning; /* on clock_mono() */
	struct log_limit logs;
};

/*
 * Make a client of conf, which this takes over: a consumer, or else a
 * producer. `brokers` is a list of HOST:PORT, or NULL when the properties name
 * them. The opaque of the client's callbacks is k, which must stay where it
 * is. Returns 0; or -1 with k->status and k->why set.
 */
int kafka_open(struct kafka *k, struct rd_kafka_conf_s *conf,
    const char *brokers, bool consumer);

/* Make k->fd readable too when this queue has got something. */
void kafka_watch(struct kafka *k, struct rd_kafka_queue_s *queue);

/*
 * After k->lost: put a new client in its place. Handles of topics must be
 * destroyed before. Returns 0; or -1 with k->status and k->why set.
 */
int kafka_renew(struct kafka *k);

/* Free it. What is not delivered by now will not be. */
void kafka_close(struct kafka *k);

/*
 * Wait until a broker answers, at most `wait` ms, and knows the topic; topic
 * may be NULL. Returns 0; or -1 with k->status and k->why set, or with
 * k->status STATUS_OK when a stop was requested meanwhile.
 */
int kafka_await(struct kafka *k, const char *topic, int wait);

/*
 * Run the callbacks of what has happened. After it k->status may say that the
 * client is of no use any more.
 */
void kafka_serve(struct kafka *k);

/* Make k->fd unreadable until there is more to serve. */
void kafka_hush(struct kafka *k);

/* Set k->status and k->why, unless they are set: the first trouble counts. */
void kafka_fail(struct kafka *k, enum status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The client cannot go on, for this error. */
void kafka_lose(struct kafka *k, int err);

/* True if what this error of librdkafka's says is that a right is missing. */
bool kafka_is_forbidden(int err);

/* Warn of what is tried again, at most once in a while. */
void kafka_warn(struct kafka *k, const char *text);

/*
 * The same as kafka_fail for one of librdkafka's errors about a topic, in a
 * sentence that says what to do. Returns true; or false, having done nothing,
 * if a retry may mend it. A retry may mend a right that was there once, as
 * k->proven says: that is only warned about.
 */
bool kafka_topic_fail(struct kafka *k, const char *topic, int err);

#endif
