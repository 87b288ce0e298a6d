#ifndef SIM_BUFFER_H
#define SIM_BUFFER_H

#include <stddef.h>

/*
 * A growing queue of bytes: appended at the end, consumed from the start.
 * Zero-initialise one. Out of memory ends the program.
 */
struct buffer {
	char *bytes;
	size_t start, end, cap;
};

/* How many bytes wait, and where they are. */
static inline size_t
buffer_len(const struct buffer *b)
{
	return b->end - b->start;
}

static inline char *
buffer_head(const struct buffer *b)
{
	return b->bytes + b->start;
}

/*
 * Room for n bytes at the end, to be written before buffer_added(b, n). The
 * pointer lives until the next call that adds.
 */
char *buffer_room(struct buffer *b, size_t n);

static inline void
buffer_added(struct buffer *b, size_t n)
{
	b->end += n;
}

void buffer_append(struct buffer *b, const void *bytes, size_t n);

/* The first n bytes are done with. */
void buffer_consume(struct buffer *b, size_t n);

/* Empty it and give its memory back. */
void buffer_free(struct buffer *b);

#endif
