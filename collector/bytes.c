#include "bytes.h"

#include <stdlib.h>

#include "memory.h"

void
bytes_add(struct bytes *b, struct slice s)
{
	if (s.len == 0)
		return;
	if (b->start + b->len + s.len > b->cap) {
		if (b->len > 0)
			memmove(b->p, b->p + b->start, b->len);
		b->start = 0;
	}
	if (b->len + s.len > b->cap) {
		b->cap = 2 * (b->len + s.len);
		b->p = memory_grow(b->p, b->cap, 1);
	}
	memcpy(b->p + b->start + b->len, s.p, s.len);
	b->len += s.len;
}

struct slice
bytes_all(const struct bytes *b)
{
	return (struct slice){b->len == 0 ? "" : b->p + b->start, b->len};
}

void
bytes_take(struct bytes *b, size_t n)
{
	b->start += n;
	b->len -= n;
	if (b->len == 0)
		bytes_close(b);
}

void
bytes_close(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){.p = NULL};
}
