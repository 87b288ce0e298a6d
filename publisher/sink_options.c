#include "sink_options.h"

#include <stddef.h>

#include "log.h"
#include "quantity.h"
#include "status.h"

enum { GRACE_MS = 10000, GRACE_MAX_MS = 3600000, MARGIN_S = 2 };

void
sink_options_open(struct sink_options *o)
{
	*o = (struct sink_options){.grace = GRACE_MS};
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
	default:
		return false;
	}
}

unsigned
sink_options_alarm(const struct sink_options *o)
{
	return (unsigned)(o->grace / 1000) + MARGIN_S;
}
