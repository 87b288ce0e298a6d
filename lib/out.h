#ifndef LIB_OUT_H
#define LIB_OUT_H

#include <stddef.h>

#include "slice.h"

/*
 * A block of output before its one write(2). A filter reserves room for the
 * worst case, writes through the pointer, and says where it ended:
 *
 *	char *p = out_reserve(&out, JSON_STRING_MAX(text.len));
 *	out_commit(&out, json_string(p, text));
 */
struct out {
	int fd;
	int error; /* errno of the first write that failed, or 0 */
	char *buf;
	size_t len, cap;
};

/*
 * Prepare to write to fd in blocks of cap bytes. Returns 0, or -1 when out
 * of memory. fd stays the caller's until out_close.
 */
int out_open(struct out *out, int fd, size_t cap);

/*
 * Room for n bytes, n at most cap: what was committed is written first if it
 * must make place. Never NULL: after a failed write the bytes go nowhere, and
 * out_flush and out_close say so.
 */
char *out_reserve(struct out *out, size_t n);

/* What was reserved is used up to end. */
void out_commit(struct out *out, char *end);

/* Append bytes as they are, however many. */
void out_put(struct out *out, struct slice bytes);

/* Write everything. Returns 0, or -1 with errno set, now and ever after. */
int out_flush(struct out *out);

/*
 * Flush, close the descriptor and free the buffer: the last call of a
 * program. Returns 0, or -1 with errno set if any write, or the close, failed.
 */
int out_close(struct out *out);

/*
 * Write n bytes to fd whatever it takes. Returns 0, or -1 with errno set.
 */
int write_all(int fd, const char *p, size_t n);

#endif
