#ifndef CLASSIFIER_PROJECT_H
#define CLASSIFIER_PROJECT_H

#include "event.h"
#include "json.h"

/*
 * -o: an event as an object with the members that the user names, always all
 * of them and in the user's order, so that it is some other system's record.
 */
enum { PROJECT_MAX = 64, PROJECT_NAME_MAX = 64 };

enum column_kind {
	COLUMN_FIELD,
	COLUMN_TIME_ISO,
	COLUMN_OBJECT,
	COLUMN_PARAM, /* params.NAME without a field of its own */
	COLUMN_TAG,   /* tags.KEY */
	COLUMN_TAGS
};

struct column {
	char head[JSON_STRING_MAX(PROJECT_NAME_MAX) + 2]; /* ,"name": */
	size_t head_len;
	enum column_kind kind;
	int index;        /* enum field or enum object */
	struct slice key; /* of COLUMN_PARAM and COLUMN_TAG */
};

struct projection {
	size_t count;
	struct column column[PROJECT_MAX];
};

/*
 * Add columns as -o has them, NAME=FIELD[:iso],… where NAME alone is NAME=NAME.
 * The text must outlive the projection. Returns 0, or -1 with what is wrong
 * written to error, a sentence's end.
 */
int project_parse(struct projection *pr, const char *text, char error[256]);

/* True if this field is a column. */
bool project_has(const struct projection *pr, enum field f);

/* The event, settled, as that object; returns the new end. */
char *project_event(char *p, const struct projection *pr, struct event *e);

#endif
