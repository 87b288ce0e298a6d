/*
 * kafka-publish: records on standard input, one a line, to Kafka.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/sink.h"
#include "driver/sink_options.h"
#include "kafka/exactly_once.h"
#include "kafka/kafka_options.h"
#include "kafka/producer.h"
#include "log.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "version.h"

enum { COMMIT_MS = 100, COMMIT_MAX_MS = 30000 };

struct options {
	struct kafka_options kafka;
	struct sink_options sink;
	const char *key;
	int64_t commit; /* ms */
	bool exactly_once;
};

static _Noreturn void
usage(enum status status)
{
	fputs(
	    "usage: kafka-publish [-ehV] [-b brokers] [-c time] [-F file] [-g seconds] "
	    "[-k key] [-M size] [-r file] [-S when] [-s directory] "
	    "[-w seconds] [-X property=value] -t topic\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {KAFKA_OPTION_NAMES,
	    SINK_OPTION_NAMES, {"commit", required_argument, NULL, 'c'},
	    {"exactly-once", no_argument, NULL, 'e'},
	    {"help", no_argument, NULL, 'h'},
	    {"key", required_argument, NULL, 'k'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv,
		    KAFKA_OPTION_LETTERS SINK_OPTION_LETTERS "c:ehk:V", names,
		    NULL)) != -1) {
		if (kafka_options_take(&o->kafka, c, optarg) ||
		    sink_options_take(&o->sink, c, optarg))
			continue;
		switch (c) {
		case 'c':
			if (quantity_duration(optarg, 0, COMMIT_MAX_MS,
				&o->commit) == -1)
				die(STATUS_USAGE,
				    "'%s' is not a time from 0 to 30 s",
				    optarg);
			break;
		case 'e':
			o->exactly_once = true;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'k':
			o->key = optarg;
			break;
		case 'V':
			printf("kafka-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	kafka_options_check(&o->kafka);
	if (o->exactly_once && o->sink.spool == NULL)
		die(STATUS_USAGE,
		    "exactly once needs a place that outlives this process: "
		    "give --spool DIRECTORY too");
}

int
main(int argc, char **argv)
{
	static struct producer producer;
	static struct exactly_once exactly_once;
	struct options o = {.key = PRODUCER_KEY, .commit = COMMIT_MS};
	static struct sink sink = {.program = "kafka-publish"};
	enum status status;

	standard_hold();
	log_open(sink.program);
	kafka_options_open(&o.kafka, producer_defaults);
	sink_options_open(&o.sink);
	parse_options(&o, argc, argv);
	stop_on_signals(sink_options_alarm(&o.sink));

	sink.options = o.sink;
	sink.destination = o.kafka.topic;
	exactly_once.interval = o.commit;
	if (o.exactly_once)
		producer.exactly_once = &exactly_once;
	if (producer_open(&producer, o.kafka.conf, o.kafka.brokers,
		o.kafka.topic, o.key, (int)o.kafka.wait, &sink) == 0) {
		status = sink_run(&sink, STDIN_FILENO);
	} else {
		status = producer.kafka.status;
		if (status != STATUS_OK)
			log_error("%s", producer.kafka.why);
	}
	producer_close(&producer);
	return status;
}
