#include "spool_age.h"

#include <string.h>

enum { SPACING_MS = 200 };

/* Every other mark makes room, and they stand twice as far apart. */
static void
thin(struct spool_age *a)
{
	for (size_t i = 0; i < SPOOL_AGE_MARKS / 2; i++)
		a->marks[i] = a->marks[2 * i];
	a->count = SPOOL_AGE_MARKS / 2;
	a->spacing *= 2;
}

void
spool_age_mark(struct spool_age *a, uint64_t position, int64_t time)
{
	if (a->count == 0)
		a->spacing = SPACING_MS;
	else if (time - a->marks[a->count - 1].time < a->spacing)
		return;
	if (a->count == SPOOL_AGE_MARKS)
		thin(a);
	a->marks[a->count].position = position;
	a->marks[a->count++].time = time;
}

int64_t
spool_age_of(struct spool_age *a, uint64_t position)
{
	size_t before = 0;

	while (before + 1 < a->count &&
	    a->marks[before + 1].position <= position)
		before++;
	a->count -= before;
	memmove(a->marks, a->marks + before, a->count * sizeof(*a->marks));
	return a->count == 0 || a->marks[0].position > position ?
	    -1 :
	    a->marks[0].time;
}
