#include "range.h"

/* The number at *p, taken. False when it is none. */
static bool
take_number(uint32_t *n, const char **p)
{
	const char *begin = *p, *end = begin;

	for (*n = 0; *end >= '0' && *end <= '9'; end++) {
		if (end - begin == RANGE_DIGITS_MAX)
			return false;
		*n = *n * 10 + (uint32_t)(*end - '0');
	}
	*p = end;
	return end != begin && (*begin != '0' || end == begin + 1);
}

bool
range_read_long(struct range *r, const char *s)
{
	const char *p = s;

	if (!take_number(&r->first, &p) || *p != '-')
		return false;
	r->dash = (size_t)(p++ - s);
	if (!take_number(&r->last, &p))
		return false;
	r->stop = (size_t)(p - s);
	return true;
}
