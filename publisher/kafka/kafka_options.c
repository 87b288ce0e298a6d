#include "kafka_options.h"

#include <stdlib.h>

#include "log.h"
#include "quantity.h"
#include "status.h"
#include "variable.h"

enum { WAIT_MS = 30000, TIME_MAX_MS = 3600000 };

static int64_t
seconds(const char *argument)
{
	int64_t ms;

	if (quantity_duration(argument, 0, TIME_MAX_MS, &ms) == -1)
		die(STATUS_USAGE, "'%s' is not a time from 0 to 1 h", argument);
	return ms;
}

void
kafka_options_open(struct kafka_options *o,
    const struct kafka_property *defaults)
{
	const char *id = variable("KAFKA_CLIENT_ID");
	char why[KAFKA_WHY_MAX];

	o->conf = kafka_conf_new(defaults);
	if (id != NULL && kafka_conf_set(o->conf, "client.id", id, why) == -1)
		die(STATUS_USAGE, "KAFKA_CLIENT_ID: %s", why);
	o->brokers = variable("KAFKA_BROKERS");
	o->topic = variable("KAFKA_TOPIC");
	o->wait = WAIT_MS;
}

bool
kafka_options_take(struct kafka_options *o, int c, const char *argument)
{
	char why[KAFKA_WHY_MAX];

	switch (c) {
	case 'b':
		o->brokers = argument;
		return true;
	case 'F':
		if (kafka_conf_file(o->conf, argument, why) == -1)
			die(STATUS_USAGE, "%s", why);
		return true;
	case 't':
		o->topic = argument;
		return true;
	case 'w':
		o->wait = seconds(argument);
		return true;
	case 'X':
		if (kafka_conf_argument(o->conf, argument, why) == -1)
			die(STATUS_USAGE, "-X: %s", why);
		return true;
	default:
		return false;
	}
}

void
kafka_options_check(const struct kafka_options *o)
{
	if (o->topic == NULL || *o->topic == '\0')
		die(STATUS_USAGE,
		    "no topic is given: use -t TOPIC or KAFKA_TOPIC");
}
