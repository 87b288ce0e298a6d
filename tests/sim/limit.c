#include "limit.h"

#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "status.h"

bool
limit_take(struct limit *l)
{
	int64_t now = clock_mono();

	if (l->max == 0)
		return true;
	if (l->times == NULL) {
		l->times = malloc(l->max * sizeof(*l->times));
		if (l->times == NULL)
			die(STATUS_FAILED, "out of memory");
		for (unsigned i = 0; i < l->max; i++)
			l->times[i] = now - LIMIT_PERIOD;
	}
	if (now - l->times[l->next] < LIMIT_PERIOD)
		return false;
	l->times[l->next] = now;
	l->next = (l->next + 1) % l->max;
	return true;
}

void
limit_free(struct limit *l)
{
	free(l->times);
	l->times = NULL;
}
