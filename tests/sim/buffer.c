#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "status.h"

enum {
	FIRST = 4096,
	KEEP = 256 * 1024 /* an empty buffer larger than this is given back */
};

char *
buffer_room(struct buffer *b, size_t n)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST;

	if (b->cap - b->end >= n)
		return b->bytes + b->end;
	if (b->start > 0) {
		memmove(b->bytes, b->bytes + b->start, b->end - b->start);
		b->end -= b->start;
		b->start = 0;
	}
	while (cap - b->end < n)
		cap *= 2;
	if (cap > b->cap) {
		b->bytes = realloc(b->bytes, cap);
		if (b->bytes == NULL)
			die(STATUS_FAILED, "out of memory");
		b->cap = cap;
	}
	return b->bytes + b->end;
}

void
buffer_append(struct buffer *b, const void *bytes, size_t n)
{
	memcpy(buffer_room(b, n), bytes, n);
	buffer_added(b, n);
}

void
buffer_consume(struct buffer *b, size_t n)
{
	b->start += n;
	if (b->start < b->end)
		return;
	b->start = b->end = 0;
	if (b->cap > KEEP)
		buffer_free(b);
}

void
buffer_free(struct buffer *b)
{
	free(b->bytes);
	memset(b, 0, sizeof(*b));
}
