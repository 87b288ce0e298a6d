#ifndef CLASSIFIER_VALUE_H
#define CLASSIFIER_VALUE_H

#include "chunk.h"
#include "slice.h"

/*
 * Values of the line as JSON strings, without their quotes. Each writes at p
 * and returns the new end. A value is UTF-8; with `plain` its bytes are meant
 * as they stand, else the escapes of IRCv3's message tags are undone on the
 * way. Needs the room of JSON_STRING_MAX, and CHUNK readable bytes after the
 * value.
 */

/* A value with nothing to escape. Needs 2 * CHUNK readable bytes after it. */
static inline char *
value_put_clean(char *p, struct slice value)
{
	memcpy(p, value.p, 2 * CHUNK); /* of most it is all */
	for (size_t i = 2 * CHUNK; i < value.len; i += 2 * CHUNK)
		memcpy(p + i, value.p + i, 2 * CHUNK);
	return p + value.len;
}

/*
 * Copy the front of s, up to end or to the first byte that a JSON string has
 * to escape. Returns how many bytes.
 */
size_t value_copy(char *p, const char *s, const char *end);

/* For value_put: from the first byte at s that is not to be copied, on. */
char *value_put_rest(char *p, const char *s, const char *end, bool plain);

/* Most values are short and have nothing to escape. */
static inline char *
value_put(char *p, struct slice value, bool plain)
{
	const char *s = value.p, *end = s + value.len;

	for (; s < end; s += CHUNK, p += CHUNK) {
		struct chunk c = chunk_load(s);
		unsigned mask = chunk_escapes(c);

		chunk_store(p, c);
		if (mask != 0) {
			size_t n = (unsigned)__builtin_ctz(mask);

			if (s + n < end)
				return value_put_rest(p + n, s + n, end, plain);
		}
	}
	return p - (s - end); /* the last chunk may have gone too far */
}

#endif
