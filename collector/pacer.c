#include "pacer.h"

#include <stdlib.h>

#include "memory.h"

void
pacer_open(struct pacer *p, unsigned limit, int64_t window)
{
	*p = (struct pacer){.limit = limit, .window = window};
}

void
pacer_close(struct pacer *p)
{
	free(p->at);
	p->at = NULL;
}

unsigned
pacer_allowance(const struct pacer *p, int64_t now, unsigned max)
{
	unsigned n = 0;

	if (max > p->limit)
		max = p->limit;
	if (p->at == NULL)
		return max;
	while (n < max && p->at[(p->next + n) % p->limit] <= now - p->window)
		n++;
	return n;
}

int64_t
pacer_next(const struct pacer *p, int64_t now)
{
	int64_t at = p->at == NULL ? now : p->at[p->next] + p->window;

	return at > now ? at : now;
}

void
pacer_charge(struct pacer *p, int64_t now, unsigned n)
{
	if (p->at == NULL) {
		p->at = memory_new(p->limit, sizeof(*p->at));
		for (unsigned i = 0; i < p->limit; i++)
			p->at[i] = now - p->window;
	}
	while (n-- > 0) {
		p->at[p->next] = now;
		p->next = (p->next + 1) % p->limit;
	}
}
