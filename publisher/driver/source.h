#ifndef PUBLISHER_DRIVER_SOURCE_H
#define PUBLISHER_DRIVER_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "line.h"
#include "log.h"
#include "sink_options.h"
#include "spool/ledger.h"
#include "spool/spool.h"
#include "spool/spool_age.h"

/*
 * Where the driver's records come from: the input itself, or a spool that the
 * input goes into. They are numbered, from 1.
 */
struct source {
	int fd;
	bool ended;      /* nothing more comes from the input */
	uint64_t number; /* of the line that was given last */
	struct line_reader in;

	bool spooled; /* and only then the rest is of use */
	struct spool spool;
	struct ledger ledger;
	struct spool_age age;
	bool held;     /* until source_resume */
	bool passing;  /* the line was settled before */
	int64_t retry; /* when to write again, on clock_mono(); 0: now */
	struct log_limit stuck;
};

/*
 * Begin to read what comes on fd, in records of at most record_max bytes; as
 * the options say, by way of a spool, which is that of this program and
 * destination. What cannot be ends the program.
 */
void source_open(struct source *src, int fd, size_t record_max,
    const struct sink_options *o, const char *program, const char *destination);
void source_close(struct source *src);

/*
 * True if the input is to be taken: it has not ended, and there is room.
 * Without a spool there is, once source_next has returned 0.
 */
bool source_wants(const struct source *src);

/* True if some of what was taken is not in the spool yet. */
bool source_pending(const struct source *src);

/*
 * The input is readable, some of it is pending, or a stop is requested: take
 * what there is. Returns 0, or -1 with errno set when that cannot be done.
 */
int source_take(struct source *src);

/*
 * The next line, as line_next has it, without waiting. Returns 1 and *line
 * borrows until the next call; 0 when there is none now; -1 with errno set
 * when the spool cannot be read.
 */
int source_next(struct source *src, struct line *line);

/* Record `number` has its fate: a spool does not need it any more. */
void source_settle(struct source *src, uint64_t number);

/* Make that good: the next start begins after what is settled. */
void source_advance(struct source *src);

/*
 * Begin again with the lowest that is not settled. Those that are settled
 * will not come again.
 */
void source_rewind(struct source *src);

/* True if it was given, and is not settled. */
bool source_unsettled(const struct source *src, uint64_t number);

/* Where record `number`, which is not settled, ends in the spool. */
uint64_t source_position(const struct source *src, uint64_t number);

/*
 * The place in the spool is kept elsewhere: until source_resume, take no input
 * if the machine was restarted. A power cut may have taken what was sent, and
 * what came now would stand before that place, where all is settled.
 */
void source_hold(struct source *src);

/*
 * Everything before this position is settled, more than was known maybe; begin
 * again there. *settled is how many records that settles. Returns 0, or -1
 * with errno set when the spool cannot be written.
 */
int source_resume(struct source *src, uint64_t position, uint64_t *settled);

/* Bytes in the spool that are not settled; 0 without one. */
uint64_t source_bytes(const struct source *src);

/*
 * How long ago the first of them came, in ms: about; at least, for what was
 * there at the start.
 */
int64_t source_age(struct source *src);

#endif
