#include "rest.h"

void
rest_begin(struct rest *r, int64_t now, bool fresh)
{
	if (now < r->until)
		return;
	if (fresh || r->length == 0)
		r->length = REST_MIN;
	else
		r->length = 2 * r->length < REST_MAX ? 2 * r->length : REST_MAX;
	r->until = now + r->length;
}

int64_t
rest_end(const struct rest *r, int64_t now)
{
	return now < r->until ? r->until : 0;
}
