#ifndef SIM_MESSAGE_H
#define SIM_MESSAGE_H

#include <stdbool.h>

#include "slice.h"

/*
 * An IRC line in its parts (RFC 1459 section 2.3.1, IRCv3 message tags). All
 * slices borrow the line.
 */
enum { MESSAGE_PARAMS = 15 };

struct message {
	struct slice line; /* without CR LF */
	struct slice tags; /* between '@' and the space; empty if none */
	size_t untagged;   /* where the line goes on behind its tags */
	struct slice command;
	struct slice params[MESSAGE_PARAMS];
	unsigned count; /* of params */
};

/* False if the line has no command. */
bool message_parse(struct message *m, struct slice line);

/* The raw value of a tag, wherever it stands; p is NULL if there is none. */
struct slice message_tag(const struct message *m, struct slice key);

/*
 * The channel that a line from the server belongs to, without its '#'; p is
 * NULL if it belongs to none.
 */
struct slice message_channel(const struct message *m);

#endif
