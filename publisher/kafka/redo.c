#include "redo.h"

#include <stdlib.h>
#include <string.h>

int
redo_add(struct redo *r, uint64_t number, struct slice record)
{
	struct redo_record *new;

	if (r->end == r->size) {
		size_t size = r->size == 0 ? 1024 : 2 * r->size;
		struct redo_record **list =
		    reallocarray(r->list, size, sizeof(*list));

		if (list == NULL)
			return -1;
		r->list = list;
		r->size = size;
	}
	new = malloc(sizeof(*new) + record.len);
	if (new == NULL)
		return -1;
	*new = (struct redo_record){.number = number, .len = record.len};
	memcpy(new->bytes, record.p, record.len);
	r->list[r->end++] = new;
	return 0;
}

size_t
redo_count(const struct redo *r)
{
	return r->end - r->first;
}

static int
by_number(const void *a, const void *b)
{
	const struct redo_record *const *x = a, *const *y = b;

	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

void
redo_begin(struct redo *r)
{
	qsort(r->list + r->first, redo_count(r), sizeof(*r->list), by_number);
	r->unit = (redo_count(r) + 1) / 2;
}

struct redo_record *
redo_settle(struct redo *r)
{
	struct redo_record **unit = r->list + r->first;
	size_t sent = r->unit, left = 0;

	if (sent == 1 && unit[0]->fate == REDO_REFUSED)
		return redo_take(r);
	/* What is left moves to the unit's end, next to the others. */
	for (size_t i = sent; i-- > 0;) {
		if (unit[i]->fate == REDO_ACKED) {
			free(unit[i]);
			continue;
		}
		unit[i]->fate = REDO_UNSENT;
		unit[sent - ++left] = unit[i];
	}
	r->first += sent - left;
	if (r->first == r->end)
		r->first = r->end = 0;
	r->unit = left == 0 ? 2 * sent + 1 : (left + 1) / 2;
	return NULL;
}

struct redo_record *
redo_take(struct redo *r)
{
	struct redo_record *first = NULL;

	if (r->first < r->end)
		first = r->list[r->first++];
	if (r->first == r->end)
		r->first = r->end = 0;
	return first;
}

void
redo_free(struct redo *r)
{
	struct redo_record *record;

	while ((record = redo_take(r)) != NULL)
		free(record);
	free(r->list);
	memset(r, 0, sizeof(*r));
}
