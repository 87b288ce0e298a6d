#include "late.h"

enum { LATEST = 50 }; /* lines that may come before it */

bool
late_keep(struct late *late, struct draw *d, struct room *room,
    const struct chat_line *line)
{
	struct late_line *l = late->lines;

	if (late->count == LATE_LINES || line->id.len > LATE_ID_MAX)
		return false;
	while (l->kept)
		l++;
	late->count++;
	l->kept = true;
	l->after = 1 + draw_below(d, LATEST);
	l->room = room;
	l->line = *line;
	buffer_consume(&l->text, buffer_len(&l->text));
	buffer_append(&l->text, line->text.p, line->text.len);
	l->line.text.p = buffer_head(&l->text);
	if (line->id.len > 0)
		memcpy(l->id, line->id.p, line->id.len);
	l->line.id.p = l->id;
	return true;
}

void
late_count(struct late *late)
{
	for (size_t i = 0; late->count > 0 && i < LATE_LINES; i++)
		if (late->lines[i].after > 0)
			late->lines[i].after--;
}

const struct late_line *
late_take(struct late *late, bool all)
{
	for (size_t i = 0; late->count > 0 && i < LATE_LINES; i++) {
		struct late_line *l = &late->lines[i];

		if (l->kept && (all || l->after == 0)) {
			l->kept = false;
			late->count--;
			return l;
		}
	}
	return NULL;
}

void
late_free(struct late *late)
{
	for (size_t i = 0; i < LATE_LINES; i++)
		buffer_free(&late->lines[i].text);
}
