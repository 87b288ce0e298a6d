#include "quantity.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
};

static int
quantity(const char *s, const struct unit *unit, int64_t min, int64_t max,
    int64_t *v)
{
	char *end;
	long long n;

	/* strtoll would pass over spaces and a plus sign. */
	if (*s != '-' && (*s < '0' || *s > '9'))
		return -1;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (errno != 0 || end == s)
		return -1;
	while (unit->name != NULL && strcmp(unit->name, end) != 0)
		unit++;
	if (unit->name == NULL || n > INT64_MAX / unit->factor ||
	    n < INT64_MIN / unit->factor)
		return -1;
	n *= unit->factor;
	if (n < min || n > max)
		return -1;
	*v = n;
	return 0;
}

int
quantity_number(const char *s, int64_t min, int64_t max, int64_t *v)
{
	static const struct unit units[] = {{"", 1}, {NULL, 0}};

	return quantity(s, units, min, max, v);
}

int
quantity_duration(const char *s, int64_t min, int64_t max, int64_t *v)
{
	static const struct unit units[] = {{"ms", 1}, {"s", 1000}, {"", 1000},
	    {"m", 60000}, {"h", 3600000}, {NULL, 0}};

	return quantity(s, units, min, max, v);
}

int
quantity_size(const char *s, int64_t min, int64_t max, int64_t *v)
{
	enum { K = 1024, M = K * K, G = K * M };
	static const struct unit units[] = {{"", 1}, {"B", 1}, {"K", K},
	    {"KB", K}, {"KiB", K}, {"M", M}, {"MB", M}, {"MiB", M}, {"G", G},
	    {"GB", G}, {"GiB", G}, {NULL, 0}};

	return quantity(s, units, min, max, v);
}
