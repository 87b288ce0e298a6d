#ifndef LIB_SLICE_H
#define LIB_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A borrowed piece of somebody's buffer. It is not NUL-terminated, may hold
 * NUL bytes, and lives no longer than the buffer does.
 */
struct slice {
	const char *p;
	size_t len;
};

/* The slice of a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* The same, to initialise what is static. */
#define SLICE_INIT(literal) {(literal), sizeof(literal) - 1}

/* The slice of a NUL-terminated string. */
static inline struct slice
slice_of(const char *s)
{
	return (struct slice){s, strlen(s)};
}

/* True if both hold the same bytes. */
static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

#endif
