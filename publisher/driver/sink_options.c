#include "sink_options.h"

#include <string.h>

#include "log.h"
#include "quantity.h"
#include "spool/spool.h"
#include "status.h"

enum {
	GRACE_MS = 10000,
	GRACE_MAX_MS = 3600000,
	MARGIN_S = 2,
	SYNC_MS = 200,
	SYNC_MAX_MS = 3600000
};

#define SPOOL_MAX (10LL << 30)

void
sink_options_open(struct sink_options *o)
{
	*o = (struct sink_options){
	    .grace = GRACE_MS, .spool_max = SPOOL_MAX, .sync = SYNC_MS};
}

static int64_t
sync_time(const char *argument)
{
	int64_t ms;

	if (strcmp(argument, "always") == 0)
		return SPOOL_SYNC_ALWAYS;
	if (strcmp(argument, "never") == 0)
		return SPOOL_SYNC_NEVER;
	if (quantity_duration(argument, 1, SYNC_MAX_MS, &ms) == -1)
		die(STATUS_USAGE,
		    "'%s' is not a time from 1 ms to 1 h, nor 'always' or "
		    "'never'",
		    argument);
	return ms;
}

bool
sink_options_take(struct sink_options *o, int c, const char *argument)
{
	switch (c) {
	case 'g':
		if (quantity_duration(argument, 0, GRACE_MAX_MS, &o->grace) ==
		    -1)
			die(STATUS_USAGE, "'%s' is not a time from 0 to 1 h",
			    argument);
		return true;
	case 'r':
		o->reject = argument;
		return true;
	case 's':
		o->spool = argument;
		return true;
	case 'M':
		if (quantity_size(argument, SPOOL_MAX_MIN, INT64_MAX / 2,
			&o->spool_max) == -1)
			die(STATUS_USAGE, "'%s' is not a size from 1M on",
			    argument);
		return true;
	case 'S':
		o->sync = sync_time(argument);
		return true;
	default:
		return false;
	}
}

unsigned
sink_options_alarm(const struct sink_options *o)
{
	return (unsigned)(o->grace / 1000) + MARGIN_S;
}
