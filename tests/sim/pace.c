#include "pace.h"

#include "clock.h"

int64_t
pace_due(struct pace *p)
{
	int64_t now = clock_mono();

	if (p->at != 0)
		p->credit += p->rate * (now - p->at);
	if (p->credit > p->rate * 1000)
		p->credit = p->rate * 1000;
	p->at = now;
	return p->credit / 1000;
}

void
pace_take(struct pace *p, int64_t n)
{
	p->credit -= n * 1000;
}

void
pace_rest(struct pace *p)
{
	p->at = 0;
	p->credit = 0;
}

int
pace_wait(const struct pace *p)
{
	if (p->rate == 0)
		return -1;
	if (p->credit >= 1000)
		return 0;
	return (int)((1000 - p->credit + p->rate - 1) / p->rate);
}
