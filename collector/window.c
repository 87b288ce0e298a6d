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
load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static uint64_t
hash(uint64_t h, struct slice s)
{
	uint64_t word = 0;
	size_t i;

	h = mix(h, s.len);
	for (i = 0; i + sizeof(word) <= s.len; i += sizeof(word))
		h = mix(h, load(s.p + i));
	if (i < s.len && s.len >= sizeof(word))
		return mix(h, load(s.p + s.len - sizeof(word)));
	for (; i < s.len; i++)
		word = word << 8 | (unsigned char)s.p[i];
	return mix(h, word);
}

static uint64_t *
row_of(const struct window *w, uint64_t key)
{
	return &w->rows[(key & w->mask) * WINDOW_ROW];
}

uint64_t
window_seek(const struct window *w, struct slice line, const struct peek *peek)
{
	struct slice id = peek_tag(peek, SLICE("id"));
	uint64_t key;

	if (id.len > 0)
		key = hash(hash(w->key, peek->param[0]), id);
	else if (peek_tag(peek, SLICE("tmi-sent-ts")).len > 0)
		key = hash(w->key, line);
	else
		return 0;
	__builtin_prefetch(row_of(w, key), 1);
	return key;
}

bool
window_pass(struct window *w, uint64_t key)
{
	uint64_t *row = row_of(w, key);

	if (key == 0)
		return true;
	for (int i = 0; i < WINDOW_ROW; i++)
		if (row[i] == key) {
			w->again++;
			return false;
		}
	memmove(row + 1, row, (WINDOW_ROW - 1) * sizeof(*row));
	row[0] = key;
	return true;
}
