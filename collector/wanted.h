#ifndef COLLECTOR_WANTED_H
#define COLLECTOR_WANTED_H

#include "reader.h"

/*
 * Which channels are wanted: learned from the command line and files, changed
 * by commands, kept in channels.json.
 */

/* Whose reader it is: "anonymous", or the accounts. The caller frees. */
char *wanted_account(const struct options *o);

/*
 * Learn from the arguments and --file; without them what was wanted when we
 * last ran. Exits with a sentence when that cannot be done.
 */
void wanted_learn(struct reader *reader);

/* Read --file again. arg is the reader. */
void wanted_learn_again(void *arg);

/* What the commands on the FIFO do; their arg is the reader. */
extern const struct control_hooks wanted_hooks;

/* Prepare to write channels.json. Exits with a sentence on failure. */
void wanted_open(struct reader *reader);

/*
 * Write channels.json if that is due, off the loop. A failure is warned about
 * once and tried again. Returns when to call again at the latest.
 */
int64_t wanted_run(struct reader *reader, int64_t now);

/* Write what has changed, and wait for it. */
void wanted_close(struct reader *reader);

#endif
