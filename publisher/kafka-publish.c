/*
 * kafka-publish: records on standard input, one a line, to Kafka.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kafka_options.h"
#include "log.h"
#include "producer.h"
#include "sink.h"
#include "status.h"
#include "stop.h"
#include "version.h"

enum { GRACE_MS = 10000 };

struct options {
	struct kafka_options kafka;
	const char *key, *reject;
	int64_t grace;
};

static void
usage(FILE *to)
{
	fputs("usage: kafka-publish [-hV] [-b brokers] [-F file] [-g seconds] "
	      "[-k key] [-r file] [-w seconds] [-X property=value] -t topic\n",
	    to);
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {KAFKA_OPTION_NAMES,
	    {"grace", required_argument, NULL, 'g'},
	    {"help", no_argument, NULL, 'h'},
	    {"key", required_argument, NULL, 'k'},
	    {"reject", required_argument, NULL, 'r'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, KAFKA_OPTION_LETTERS "g:hk:r:V",
		    names, NULL)) != -1) {
		if (kafka_options_take(&o->kafka, c, optarg))
			continue;
		switch (c) {
		case 'g':
			o->grace = kafka_seconds(optarg);
			break;
		case 'h':
			usage(stdout);
			exit(STATUS_OK);
		case 'k':
			o->key = optarg;
			break;
		case 'r':
			o->reject = optarg;
			break;
		case 'V':
			printf("kafka-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(stderr);
			exit(STATUS_USAGE);
		}
	}
	if (optind != argc) {
		usage(stderr);
		exit(STATUS_USAGE);
	}
	kafka_options_check(&o->kafka);
}

int
main(int argc, char **argv)
{
	static struct producer producer;
	struct options o = {.key = PRODUCER_KEY, .grace = GRACE_MS};
	struct sink sink = {.program = "kafka-publish"};
	enum status status;

	log_open(sink.program);
	kafka_options_open(&o.kafka, producer_defaults);
	parse_options(&o, argc, argv);
	/* The driver gives up in time by itself; the alarm is for its bugs. */
	stop_on_signals((unsigned)(o.grace / 1000) + 2);

	sink.grace = o.grace;
	sink.reject_path = o.reject;
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
