#ifndef LIB_SCAN_H
#define LIB_SCAN_H

#include <stddef.h>

#include "slice.h"

/*
 * The key scanner of the hot path: one pass over one JSON object (RFC 8259),
 * no allocation, no tree. It walks the members of the outermost object in
 * order and checks all that it walks over.
 *
 *	scan_open(&s, line);
 *	while (scan_next(&s, &member))
 *		...
 *	if (s.error != NULL)
 *		reject(line, s.error);
 */
enum { SCAN_DEPTH_MAX = 64 }; /* objects and arrays inside each other */

enum scan_kind {
	SCAN_STRING,
	SCAN_NUMBER,
	SCAN_TRUE,
	SCAN_FALSE,
	SCAN_NULL,
	SCAN_OBJECT,
	SCAN_ARRAY
};

struct scan_member {
	struct slice key;   /* between its quotes, escapes as they stand */
	struct slice value; /* as it stands; of a string, between its quotes */
	enum scan_kind kind;
	bool escaped; /* the value is a string with a backslash in it */
};

struct scan {
	const char *p, *end;
	const char *error; /* NULL, or what is wrong, in a few words */
	bool begun, done;
};

/* Begin on a line. It stays the caller's and must outlive the members. */
void scan_open(struct scan *s, struct slice line);

/*
 * The next member. False at the object's end, which must be the line's end
 * but for white space, or when the line is not one JSON object: then s->error
 * says why and every later call is false too.
 */
bool scan_next(struct scan *s, struct scan_member *m);

/* True if the line is one JSON object. */
bool scan_is_object(struct slice line);

/*
 * How long the escape is at p in a string that goes on to end: both halves of
 * a character above U+FFFF, when they are there. 0 when it is none.
 */
size_t scan_escape(const char *p, const char *end);

/*
 * A string's value with its escapes undone, written at p, which needs
 * value.len bytes (the result is never longer). Returns the new end. A lone
 * surrogate becomes U+FFFD.
 */
char *scan_unescape(char *p, struct slice value);

#endif
