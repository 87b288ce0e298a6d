#ifndef COLLECTOR_BYTES_H
#define COLLECTOR_BYTES_H

#include "slice.h"

/* Bytes that wait: added at the end, taken from the front. Zero is empty. */
struct bytes {
	char *p;
	size_t start, len, cap; /* they are p[start] … p[start + len - 1] */
};

void bytes_add(struct bytes *b, struct slice s);

/* All of them; borrowed until the next call. */
struct slice bytes_all(const struct bytes *b);

/* The first n are done with. An empty one gives its memory back. */
void bytes_take(struct bytes *b, size_t n);

void bytes_close(struct bytes *b);

#endif
