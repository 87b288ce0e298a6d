#include "window.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

void
window_open(struct window *w, size_t lines, uint64_t key)
{
	const size_t row = WINDOW_ROW * sizeof(*w->rows);

	*w = (struct window){.mask = lines / WINDOW_ROW - 1, .key = key};
	/* One row more, so that they can begin where a cache line does. */
	w->memory = memory_new(lines / WINDOW_ROW + 1, row);
	w->rows = (uint64_t *)(((uintptr_t)w->memory + row - 1) & ~(row - 1));
}

void
window_close(struct window *w)
{
	free(w->memory);
}

static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15;
	return h ^ h >> 32;
}

static uint64_t
hash(uint64_t h, struct slice s)
{
	uint64_t word;

	for (; s.len >= sizeof(word); s.p += sizeof(word)) {
		memcpy(&word, s.p, sizeof(word));
		h = mix(h, word);
		s.len -= sizeof(word);
	}
	word = s.len; /* so that no two slices run into each other */
	for (size_t i = 0; i < s.len; i++)
		word = word << 8 | (unsigned char)s.p[i];
	return mix(mix(h, word), h);
}

/* What the line is known by. False when there is nothing. */
static bool
identify(const struct window *w, struct slice line, const struct peek *peek,
    uint64_t *h)
{
	struct slice id = peek_tag(peek, SLICE("id"));

	if (id.len > 0)
		*h = hash(hash(w->key, peek->param[0]), id);
	else if (peek_tag(peek, SLICE("tmi-sent-ts")).len > 0)
		*h = hash(w->key, line);
	else
		return false;
	return true;
}

bool
window_pass(struct window *w, struct slice line, const struct peek *peek)
{
	uint64_t h, *row;

	if (!identify(w, line, peek, &h))
		return true;
	row = &w->rows[(h & w->mask) * WINDOW_ROW];
	for (int i = 0; i < WINDOW_ROW; i++)
		if (row[i] == h) {
			w->again++;
			return false;
		}
	memmove(row + 1, row, (WINDOW_ROW - 1) * sizeof(*row));
	row[0] = h;
	return true;
}
