#include "badges.h"

static bool
has_set(const struct badges *b, struct slice set)
{
	for (size_t i = 0; i < b->count; i++)
		if (slice_eq(b->badge[i].set, set))
			return true;
	return false;
}

static bool
add(struct badges *b, struct slice part)
{
	const char *slash = memchr(part.p, '/', part.len);
	struct badge badge;

	if (slash == NULL || slash == part.p || b->count == BADGES_MAX)
		return false;
	badge.set = (struct slice){part.p, (size_t)(slash - part.p)};
	badge.version = (struct slice){slash + 1, part.len - badge.set.len - 1};
	/* An escape could make two sets one; none has ever had any. */
	if (memchr(badge.set.p, '\\', badge.set.len) != NULL ||
	    has_set(b, badge.set))
		return false;
	b->badge[b->count++] = badge;
	return true;
}

bool
badges_read(struct badges *b, struct slice tag)
{
	const char *p = tag.p, *end = tag.p + tag.len;
	bool all = true;

	b->count = 0;
	for (;;) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *to = comma != NULL ? comma : end;

		all &= add(b, (struct slice){p, (size_t)(to - p)});
		if (comma == NULL)
			return all;
		p = comma + 1;
	}
}
