#include "badges.h"

#include "chunk.h"

static bool
has_set(const struct badges *b, struct slice set)
{
	for (size_t i = 0; i < b->count; i++)
		if (slice_eq(b->badge[i].set, set))
			return true;
	return false;
}

/* One set/version, from p to end. */
static bool
add(struct badges *b, const char *p, const char *end)
{
	/* An escape could make two sets one; none has ever had any. */
	const char *slash = chunk_find_two(p, end, '/', '\\');
	struct badge *badge = &b->badge[b->count];

	if (slash == p || slash == end || *slash != '/' ||
	    b->count == BADGES_MAX)
		return false;
	badge->set = (struct slice){p, (size_t)(slash - p)};
	badge->version = (struct slice){slash + 1, (size_t)(end - slash - 1)};
	if (has_set(b, badge->set))
		return false;
	b->count++;
	return true;
}

bool
badges_read(struct badges *b, struct slice tag)
{
	const char *p = tag.p, *end = tag.p + tag.len, *comma;
	bool all = true;

	b->count = 0;
	for (;; p = comma + 1) {
		comma = chunk_find(p, end, ',');
		all &= add(b, p, comma);
		if (comma == end)
			return all;
	}
}
