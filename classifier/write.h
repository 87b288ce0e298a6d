#ifndef CLASSIFIER_WRITE_H
#define CLASSIFIER_WRITE_H

#include "event.h"
#include "write_emotes.h"

/*
 * The room that an event needs, however it is written, when its line had n
 * bytes: six for each, at most in a field, in `tags` and in `raw`, and when -o
 * names them in an object and as one of the tags, too; and what the spans of
 * emotes repeat.
 */
enum {
	WRITE_EMOTES_MAX =
	    EMOTES_MAX * (WRITE_EMOTE_NAME_MAX + WRITE_EMOTE_SPAN_MAX),
	WRITE_FIXED_MAX = WRITE_EMOTES_MAX + 32 * 1024
};
#define WRITE_MAX(n) (30 * (n) + WRITE_FIXED_MAX)

/* Each writes JSON at p and returns the new end. The event is settled. */

/* All of it. */
char *write_event(char *p, struct event *e);

/* The value of a field that it has. */
char *write_value(char *p, struct event *e, enum field f);

/* One of the objects inside, {} when it has nothing of that. */
char *write_object(char *p, struct event *e, enum object object);
char *write_tags(char *p, struct event *e);

#endif
