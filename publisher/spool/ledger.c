#include "ledger.h"

#include <stdlib.h>
#include <string.h>

int
ledger_open(struct ledger *l, uint64_t position)
{
	l->slots = calloc(LEDGER_MAX, sizeof(*l->slots));
	l->low = l->high = 1;
	l->position = position;
	return l->slots == NULL ? -1 : 0;
}

void
ledger_close(struct ledger *l)
{
	free(l->slots);
	memset(l, 0, sizeof(*l));
}

static uint64_t *
slot(const struct ledger *l, uint64_t number)
{
	return &l->slots[number % LEDGER_MAX];
}

bool
ledger_full(const struct ledger *l)
{
	return l->high - l->low == LEDGER_MAX;
}

void
ledger_add(struct ledger *l, uint64_t end)
{
	*slot(l, l->high++) = end << 1;
}

void
ledger_extend(struct ledger *l, uint64_t end)
{
	*slot(l, l->high - 1) = end << 1 | 1;
	if (l->low == l->high)
		l->position = end;
}

void
ledger_settle(struct ledger *l, uint64_t number)
{
	*slot(l, number) |= 1;
	while (l->low < l->high && ledger_settled(l, l->low))
		l->position = ledger_end(l, l->low++);
}

bool
ledger_settled(const struct ledger *l, uint64_t number)
{
	return *slot(l, number) & 1;
}

uint64_t
ledger_end(const struct ledger *l, uint64_t number)
{
	return *slot(l, number) >> 1;
}
