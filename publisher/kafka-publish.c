/*
 * kafka-publish: records on standard input, one a line, to Kafka.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "producer.h"
#include "quantity.h"
#include "sink.h"
#include "status.h"
#include "stop.h"
#include "version.h"

#define DEFAULT_KEY "{channel_id|channel|}"

enum { GRACE_MS = 10000, GRACE_MAX = 3600000, WAIT_MS = 30000 };

struct options {
	struct rd_kafka_conf_s *conf;
	const char *brokers, *topic, *key, *reject;
	int64_t grace, wait;
};

static void
usage(FILE *to)
{
	fputs("usage: kafka-publish [-hV] [-b brokers] [-F file] [-g seconds] "
	      "[-k key] [-r file] [-w seconds] [-X property=value] -t topic\n",
	    to);
}

/* A variable's value, or NULL when it is unset or empty. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || *value == '\0' ? NULL : value;
}

static void
set_defaults(struct options *o)
{
	const char *id = variable("KAFKA_CLIENT_ID");
	char why[KAFKA_WHY_MAX];

	o->conf = kafka_conf_new(producer_defaults);
	if (id != NULL && kafka_conf_set(o->conf, "client.id", id, why) == -1)
		die(STATUS_USAGE, "KAFKA_CLIENT_ID: %s", why);
	o->brokers = variable("KAFKA_BROKERS");
	o->topic = variable("KAFKA_TOPIC");
	o->key = DEFAULT_KEY;
	o->grace = GRACE_MS;
	o->wait = WAIT_MS;
}

static int64_t
seconds(const char *s, const char *option)
{
	int64_t ms;

	if (quantity_duration(s, 0, GRACE_MAX, &ms) == -1)
		die(STATUS_USAGE, "%s '%s' is not a time from 0 to 3600 s",
		    option, s);
	return ms;
}

static void
take_option(struct options *o, int c)
{
	char why[KAFKA_WHY_MAX];

	switch (c) {
	case 'b':
		o->brokers = optarg;
		break;
	case 'F':
		if (kafka_conf_file(o->conf, optarg, why) == -1)
			die(STATUS_USAGE, "%s", why);
		break;
	case 'g':
		o->grace = seconds(optarg, "--grace");
		break;
	case 'k':
		o->key = optarg;
		break;
	case 'r':
		o->reject = optarg;
		break;
	case 't':
		o->topic = optarg;
		break;
	case 'w':
		o->wait = seconds(optarg, "--wait");
		break;
	case 'X':
		if (kafka_conf_argument(o->conf, optarg, why) == -1)
			die(STATUS_USAGE, "-X %s", why);
		break;
	case 'h':
		usage(stdout);
		exit(STATUS_OK);
	case 'V':
		printf("kafka-publish %s\n", VERSION);
		exit(STATUS_OK);
	default:
		usage(stderr);
		exit(STATUS_USAGE);
	}
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
	    {"brokers", required_argument, NULL, 'b'},
	    {"config", required_argument, NULL, 'F'},
	    {"grace", required_argument, NULL, 'g'},
	    {"help", no_argument, NULL, 'h'},
	    {"key", required_argument, NULL, 'k'},
	    {"reject", required_argument, NULL, 'r'},
	    {"topic", required_argument, NULL, 't'},
	    {"version", no_argument, NULL, 'V'},
	    {"wait", required_argument, NULL, 'w'},
	    {"property", required_argument, NULL, 'X'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "b:F:g:hk:r:t:Vw:X:", names,
		    NULL)) != -1)
		take_option(o, c);
	if (optind != argc) {
		usage(stderr);
		exit(STATUS_USAGE);
	}
	if (o->topic == NULL)
		die(STATUS_USAGE,
		    "no topic is given: use -t TOPIC or "
		    "KAFKA_TOPIC");
}

int
main(int argc, char **argv)
{
	static struct producer producer;
	struct sink sink = {.program = "kafka-publish"};
	struct options options = {0};
	enum status status;

	log_open("kafka-publish");
	set_defaults(&options);
	parse_options(&options, argc, argv);
	stop_on_signals((unsigned)(options.grace / 1000) + 1);

	sink.grace = options.grace;
	sink.reject_path = options.reject;
	if (producer_templates(&producer, options.key, options.topic) == -1)
		die(producer.kafka.status, "%s", producer.kafka.why);
	if (producer_open(&producer, options.conf, options.brokers,
		(int)options.wait, &sink) == 0) {
		status = sink_run(&sink, STDIN_FILENO);
	} else {
		status = producer.kafka.status;
		if (status != STATUS_OK)
			log_error("%s", producer.kafka.why);
	}
	producer_close(&producer);
	return status;
}
