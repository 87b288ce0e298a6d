#include "redo.h"

#include <stdlib.h>
#include <string.h>

void
redo_open(struct redo *r)
{
	*r = (struct redo){.end = &r->first};
}

int
redo_add(struct redo *r, struct slice record)
{
	struct redo_record *new = malloc(sizeof(*new) + record.len);

	if (new == NULL)
		return -1;
	*new = (struct redo_record){.len = record.len};
	memcpy(new->bytes, record.p, record.len);
	*r->end = new;
	r->end = &new->next;
	r->count++;
	return 0;
}

/* Take out the record that *link points at. */
static struct redo_record *
unlink_record(struct redo *r, struct redo_record **link)
{
	struct redo_record *record = *link;

	*link = record->next;
	if (r->end == &record->next)
		r->end = link;
	r->count--;
	return record;
}

struct redo_record *
redo_take(struct redo *r)
{
	return r->first == NULL ? NULL : unlink_record(r, &r->first);
}

struct redo_record *
redo_settle(struct redo *r)
{
	struct redo_record **link = &r->first;
	size_t refused = 0, sent = r->unit;

	for (size_t i = 0; i < sent; i++) {
		if ((*link)->fate == REDO_ACKED) {
			free(unlink_record(r, link));
			continue;
		}
		if (sent == 1)
			return unlink_record(r, link);
		(*link)->fate = REDO_WAITING;
		link = &(*link)->next;
		refused++;
	}
	r->unit = refused == 0 ? 2 * sent : (refused + 1) / 2;
	return NULL;
}
