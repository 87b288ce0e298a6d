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
#include "sink_options.h"
#include "status.h"
#include "stop.h"
#include "version.h"

struct options {
	struct kafka_options kafka;
	struct sink_options sink;
	const char *key;
};

static void
usage(FILE *to)
{
	fputs("usage: kafka-publish [-hV] [-b brokers] [-F file] [-g seconds] "
	      "[-k key] [-M size] [-r file] [-S when] [-s directory] "
	      "[-w seconds] [-X property=value] -t topic\n",
	    to);
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {KAFKA_OPTION_NAMES,
	    SINK_OPTION_NAMES, {"help", no_argument, NULL, 'h'},
	    {"key", required_argument, NULL, 'k'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv,
		    KAFKA_OPTION_LETTERS SINK_OPTION_LETTERS "hk:V", names,
		    NULL)) != -1) {
		if (kafka_options_take(&o->kafka, c, optarg) ||
		    sink_options_take(&o->sink, c, optarg))
			continue;
		switch (c) {
		case 'h':
			usage(stdout);
			exit(STATUS_OK);
		case 'k':
			o->key = optarg;
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
	struct options o = {.key = PRODUCER_KEY};
	struct sink sink = {.program = "kafka-publish"};
	enum status status;

	log_open(sink.program);
	kafka_options_open(&o.kafka, producer_defaults);
	sink_options_open(&o.sink);
	parse_options(&o, argc, argv);
	stop_on_signals(sink_options_alarm(&o.sink));

	sink.options = o.sink;
	sink.destination = o.kafka.topic;
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
