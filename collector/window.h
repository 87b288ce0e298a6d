#ifndef COLLECTOR_WINDOW_H
#define COLLECTOR_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peek.h"

/*
 * The last lines that were seen, so that each is passed on once, on however
 * many connections and however often it comes.
 *
 * A line is known by its channel and its id tag; without an id, but with a
 * tmi-sent-ts, by all its bytes, which nobody says twice in a millisecond.
 * Lines with neither are not known: they are never the same.
 *
 * Of each line there are 64 bits, hashed with a key of this process. They are
 * in rows of a cache line; a new one takes the place of the oldest in its
 * row, so that a line is forgotten after about as many others as there are
 * places. A new line is mistaken for one of 2^18 that are remembered with a
 * probability of 2^18 / 2^64. Nothing is allocated after the start.
 */
enum {
	WINDOW_ROW = 8,
	WINDOW_LINES = 1 << 18 /* 2 MiB: larger ones leave the cache */
};

struct window {
	void *memory;
	uint64_t *rows; /* in it */
	size_t mask;    /* of the row's number */
	uint64_t key;
	uint64_t again; /* lines that were seen again */
};

/* lines is a power of two, at least WINDOW_ROW. */
void window_open(struct window *w, size_t lines, uint64_t key);
void window_close(struct window *w);

/*
 * In two steps, with time between them for the memory to be fetched. First:
 * what the line is known by; 0 if by nothing.
 */
uint64_t window_seek(const struct window *w, struct slice line,
    const struct peek *peek);

/* Then: true if that is new, which it now is no more. */
bool window_pass(struct window *w, uint64_t key);

#endif
