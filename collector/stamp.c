#include "stamp.h"

#include <stdio.h>
#include <time.h>

void
stamp_write(int64_t ms, char out[STAMP_MAX])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(out, STAMP_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, STAMP_MAX - n, ".%03dZ", (int)(ms % 1000));
}
