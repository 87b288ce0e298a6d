#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "out.h"
#include "slice.h"

/*
 * What the simulator did: totals, every chat line it sent to whom, and who was
 * in which channel when.
 */

struct counts {
	int64_t connections; /* that ever were accepted */
	int64_t open;        /* that are now */
	int64_t logins, logins_refused;
	int64_t joins;  /* channels asked for, granted or not */
	int64_t joined; /* granted */
	int64_t parts;
	int64_t unheard; /* chat lines that went to nobody */
	int64_t lines;   /* chat lines, once for each connection they went to */
	int64_t frames, bytes; /* all that was written */
	int64_t pings, pongs;  /* sent; received */
	int64_t violations;    /* the sum of the following three */
	int64_t join_violations, login_violations;
	int64_t unanswered_pings;
	int64_t slow; /* disconnected as slow readers */
};

struct record {
	struct counts counts, written;
	const char *counts_file;
	struct out sent, held;
};

/*
 * Begin: append to the files of --sent and --held, keep the totals in that of
 * --counts. Ends the program when that cannot be.
 */
void record_open(struct record *r, const struct config *config);

/*
 * A chat line went to a connection: when, the channel and the id, and the text
 * as it was sent.
 */
struct record_line {
	int64_t now;
	struct slice channel, id, text;
};
void record_sent(struct record *r, unsigned conn,
    const struct record_line *line);

/* A chat line went to nobody: in the log its connection is -1. */
void record_unheard(struct record *r, const struct record_line *line);

/*
 * From now on what is said in the channel goes to the connection, or does so
 * no longer.
 */
void record_held(struct record *r, unsigned conn, struct slice channel,
    bool held);

/* Bring the logs up to date, and the totals. */
void record_flush(struct record *r);
void record_counts(struct record *r);

/* The same, and end. Returns 0, or -1 when something could not be written. */
int record_close(struct record *r);

#endif
