#ifndef PUBLISHER_KAFKA_EXACTLY_ONCE_H
#define PUBLISHER_KAFKA_EXACTLY_ONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/sink.h"
#include "slice.h"
#include "transactor.h"

struct producer;
struct rd_kafka_conf_s;

/*
 * A producer whose records and place in the spool are one transaction: both
 * are there for who reads what is committed, or neither. So the place that the
 * brokers have is the truth, and a process that follows another, whatever
 * became of that, goes on from there.
 *
 * When a record fails the transaction is aborted, and its records are sent
 * again, from the spool, in ever smaller transactions, until the one at fault
 * is alone: when it is refused again, it is rejected. When no record is at
 * fault they are sent again after a rest.
 */
enum exactly_once_state {
	EO_CALLING, /* a call to brokers is under way */
	EO_NEW,     /* the client is, and waits for a rest to end */
	EO_READY,   /* no transaction */
	EO_OPEN,    /* one, which takes records */
	EO_CLOSING  /* the fates of its records are awaited */
};

struct exactly_once {
	struct producer *producer;
	int64_t interval; /* ms from the first record to the commit */
	char id[64];      /* of transactions and of the group of positions */
	int64_t timeout;  /* ms, after which brokers give a transaction up */

	enum exactly_once_state state;
	struct transactor transactor;
	uint64_t first, last; /* records of the transaction; those between */
	size_t count;         /* may be settled already; and how many */
	size_t unit;          /* how many it may have */
	int64_t since;        /* its begin, on clock_mono() */
	bool doomed;          /* a record of it has failed */
	bool refused;         /* … by its own fault, or another's */
	uint64_t suspect;     /* the record that was refused alone last */
	bool hurried;

	uint64_t commits, aborts;
};

/*
 * Take over the sink of a producer, whose properties these are and whose
 * client is not made yet. The sink must have a spool.
 */
void exactly_once_prepare(struct exactly_once *eo, struct producer *p,
    struct rd_kafka_conf_s *conf);

/* The client is made: begin. */
void exactly_once_open(struct exactly_once *eo);

/* Returns false if the client must be left alone until the process ends. */
bool exactly_once_close(struct exactly_once *eo);

/* A record of the transaction was not delivered. */
void exactly_once_failed(struct exactly_once *eo, int err, struct slice record,
    const char *topic);

#endif
