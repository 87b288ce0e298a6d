#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "slice.h"

/*
 * The JSON writer of the hot path (RFC 8259): each function writes at p and
 * returns the new end. None checks for room: the caller reserves the worst
 * case once, with JSON_STRING_MAX and JSON_INT_MAX. Everything else that
 * speaks JSON here uses cJSON.
 */
enum {
	JSON_SLACK = 64, /* bytes a writer may touch past its end */
	JSON_INT_MAX = 20
};

/* The room that json_string and json_escape need for n bytes. */
#define JSON_STRING_MAX(n) (6 * (n) + 2 + JSON_SLACK)

/* Bytes as they are. */
static inline char *
json_raw(char *p, struct slice s)
{
	memcpy(p, s.p, s.len);
	return p + s.len;
}

/* A whole number. */
char *json_int(char *p, int64_t v);

/*
 * The bytes as the inside of a JSON string. Always valid UTF-8 and JSON:
 * controls are escaped, NUL among them, and each maximal part of an invalid
 * UTF-8 sequence becomes U+FFFD (Unicode 15, section 3.9, table 3-8).
 */
char *json_escape(char *p, struct slice s);

/* One character of ASCII that a JSON string has to escape. */
char *json_escape_one(char *p, char c);

/* The same between quotes. */
char *json_string(char *p, struct slice s);

/*
 * How many bytes at the end of s begin a UTF-8 character that s cuts off, 0
 * to 3: what to carry over when a long text is escaped in pieces.
 */
size_t json_utf8_tail(struct slice s);

#endif
