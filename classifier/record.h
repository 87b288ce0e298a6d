#ifndef CLASSIFIER_RECORD_H
#define CLASSIFIER_RECORD_H

#include "event.h"

/*
 * The records of irc-line(5), which ws-reader writes: an IRC line and when it
 * was received, or something that happened to a connection or a channel.
 */
struct record {
	struct slice ts;   /* its digits, or empty */
	struct slice line; /* the IRC line */
	bool clean;        /* the line has nothing that JSON escapes */
	bool ascii;        /* all of the line is known to be; the caller's */
	bool lifecycle;    /* it has an event, and no line */
};

/*
 * Read a record, which is a line beginning with '{'. A line with escapes in it
 * is undone to scratch, which has room for text.len + LINE_SLACK bytes; all
 * slices borrow the text, with LINE_SLACK readable bytes after it, or scratch.
 * Returns NULL, or, in a few words, why it is no record; of r, ts may be set
 * all the same.
 */
const char *record_read(struct record *r, struct slice text, char *scratch);

/*
 * The event that a lifecycle record is: of the type that its `event` names,
 * its members as they came. Scratch is as above. Returns NULL, or why not.
 */
const char *record_lifecycle(struct event *e, struct slice text, char *scratch);

#endif
