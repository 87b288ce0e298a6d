#include "sets.h"

#include <stdlib.h>

#include "memory.h"

void
sets_end(struct set *set)
{
	free(set->names);
	*set = (struct set){.names = NULL};
}

void
sets_close(struct sets *sets)
{
	for (int i = 0; i < SETS_MAX; i++)
		sets_end(&sets->set[i]);
}

static bool
is_id(struct slice id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	if (id.len == 0 || id.len > SETS_ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (memchr(letters, id.p[i], sizeof(letters) - 1) == NULL)
			return false;
	return true;
}

struct set *
sets_find(struct sets *sets, struct slice id, int64_t now)
{
	struct set *found = NULL;

	for (int i = 0; i < SETS_MAX; i++) {
		struct set *set = &sets->set[i];

		if (set->id[0] != '\0' && now - set->touched >= SETS_TIMEOUT)
			sets_end(set);
		if (set->id[0] != '\0' && slice_eq(slice_of(set->id), id))
			found = set;
	}
	if (found != NULL)
		found->touched = now;
	return found;
}

/* One that is free, else the one that was silent for longest. */
static struct set *
least_used(struct sets *sets)
{
	struct set *least = &sets->set[0];

	for (int i = 0; i < SETS_MAX; i++) {
		struct set *set = &sets->set[i];

		if (set->id[0] == '\0')
			return set;
		if (set->touched < least->touched)
			least = set;
	}
	return least;
}

struct set *
sets_begin(struct sets *sets, struct slice id, int64_t now)
{
	struct set *set;

	if (!is_id(id))
		return NULL;
	set = sets_find(sets, id, now);
	if (set == NULL)
		set = least_used(sets);
	sets_end(set);
	memcpy(set->id, id.p, id.len);
	set->touched = now;
	return set;
}

bool
sets_add(struct set *set, const char *name)
{
	if (set->n == CHANNEL_SET_MAX)
		return false;
	if (set->n == set->cap) {
		set->cap = set->cap == 0 ? 64 : 2 * set->cap;
		set->names =
		    memory_grow(set->names, set->cap, sizeof(struct name));
	}
	memcpy(set->names[set->n++].text, name, strlen(name) + 1);
	return true;
}
