/*
 * kafka-tail: the records of a Kafka topic on standard output, one a line.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "kafka/consumer.h"
#include "kafka/kafka_options.h"
#include "log.h"
#include "out.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

enum { OUT_SIZE = 256 * 1024, GRACE_SECONDS = 10 };

struct options {
	struct kafka_options kafka;
	const char *group, *offset;
	int64_t count;  /* records to print; 0: no limit */
	unsigned grace; /* seconds */
	bool exit_at_end, headers, value_only;
};

static void
put_number(struct out *out, int64_t v)
{
	out_commit(out, json_int(out_reserve(out, JSON_INT_MAX), v));
}

/* " (timestamp T, name=value, …)" */
static void
put_headers(struct out *out, const struct consumer *c, const struct record *r)
{
	struct slice value;
	const char *name;

	out_put(out, SLICE(" (timestamp "));
	put_number(out, r->timestamp);
	for (size_t i = 0; consumer_header(c, i, &name, &value); i++) {
		out_put(out, SLICE(", "));
		out_put(out, slice_of(name));
		out_put(out, SLICE("="));
		out_put(out, value);
	}
	out_put(out, SLICE(")"));
}

static void
put_record(struct out *out, const struct consumer *c, const struct record *r,
    const struct options *o)
{
	if (!o->value_only) {
		out_put(out, SLICE("message at topic/partition/offset "));
		out_put(out, slice_of(o->kafka.topic));
		out_put(out, SLICE("/"));
		put_number(out, r->partition);
		out_put(out, SLICE("/"));
		put_number(out, r->offset);
		if (o->headers)
			put_headers(out, c, r);
		out_put(out, SLICE(": "));
		out_put(out, r->key);
		out_put(out, SLICE(" = "));
	}
	out_put(out, r->value);
	out_put(out, SLICE("\n"));
}

/*
 * Print records as they come; write when nothing more is waiting. Ends after
 * so many records, at the end of the topic, or on a stop, as the options say.
 */
static enum status
tail(struct consumer *c, struct out *out, const struct options *o)
{
	int64_t printed = 0;
	struct record record;

	for (;;) {
		while (consumer_next(c, &record)) {
			put_record(out, c, &record, o);
			if (++printed == o->count)
				return STATUS_OK;
			if (stop_requested() || out->error != 0)
				break;
		}
		if (out_flush(out) == -1)
			return STATUS_FAILED;
		if (c->kafka.status != STATUS_OK) {
			log_error("%s", c->kafka.why);
			return c->kafka.status;
		}
		if (o->exit_at_end && consumer_at_end(c))
			return STATUS_OK;
		if (consumer_wait(c) == -1)
			return STATUS_OK;
	}
}

static _Noreturn void
usage(enum status status)
{
	fputs("usage: kafka-tail [-eHhJV] [-b brokers] [-c count] [-F file] "
	      "[-G group] [-g seconds] [-o beginning | end] [-w seconds] "
	      "[-X property=value] -t topic\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static void
take_option(struct options *o, int c)
{
	if (kafka_options_take(&o->kafka, c, optarg))
		return;
	switch (c) {
	case 'c':
		if (quantity_number(optarg, 1, INT64_MAX, &o->count) == -1)
			die(STATUS_USAGE, "'%s' is not a number of records",
			    optarg);
		break;
	case 'e':
		o->exit_at_end = true;
		break;
	case 'G':
		o->group = optarg;
		break;
	case 'g':
		o->grace = stop_grace(optarg);
		if (o->grace == 0)
			die(STATUS_USAGE, STOP_GRACE_WRONG, optarg);
		break;
	case 'H':
		o->headers = true;
		break;
	case 'h':
		usage(STATUS_OK);
	case 'J':
		o->value_only = true;
		break;
	case 'o':
		if (strcmp(optarg, "beginning") != 0 &&
		    strcmp(optarg, "end") != 0)
			die(STATUS_USAGE, "'%s' is neither beginning nor end",
			    optarg);
		o->offset = optarg;
		break;
	case 'V':
		printf("kafka-tail %s\n", VERSION);
		exit(STATUS_OK);
	default:
		usage(STATUS_USAGE);
	}
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {KAFKA_OPTION_NAMES,
	    {"count", required_argument, NULL, 'c'},
	    {"exit-at-end", no_argument, NULL, 'e'},
	    {"group", required_argument, NULL, 'G'},
	    {"grace", required_argument, NULL, 'g'},
	    {"headers", no_argument, NULL, 'H'},
	    {"help", no_argument, NULL, 'h'}, {"value", no_argument, NULL, 'J'},
	    {"offset", required_argument, NULL, 'o'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	char why[KAFKA_WHY_MAX];
	int c;

	o->group = variable("KAFKA_GROUPID");
	while ((c = getopt_long(argc, argv,
		    KAFKA_OPTION_LETTERS "c:eG:g:HhJo:V", names, NULL)) != -1)
		take_option(o, c);
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	kafka_options_check(&o->kafka);
	if (o->group != NULL &&
	    kafka_conf_set(o->kafka.conf, "group.id", o->group, why) == -1)
		die(STATUS_USAGE, "group '%s': %s", o->group, why);
}

/* -o beginning|end; else from the beginning only if it is to end as well. */
static bool
from_beginning(const struct options *o)
{
	return o->offset == NULL ? o->exit_at_end :
				   strcmp(o->offset, "beginning") == 0;
}

int
main(int argc, char **argv)
{
	struct consumer consumer = {0};
	struct options o = {.grace = GRACE_SECONDS};
	enum status status;
	struct out out;

	standard_hold();
	log_open("kafka-tail");
	if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
		die(STATUS_FAILED, "standard output is closed");
	if (out_open(&out, STDOUT_FILENO, OUT_SIZE) == -1)
		die(STATUS_FAILED, "cannot write standard output: %s",
		    strerror(errno));
	kafka_options_open(&o.kafka, consumer_defaults);
	parse_options(&o, argc, argv);
	stop_on_signals(o.grace);

	if (consumer_open(&consumer, o.kafka.conf, o.kafka.brokers,
		o.kafka.topic, from_beginning(&o), (int)o.kafka.wait) == 0) {
		status = tail(&consumer, &out, &o);
	} else {
		status = consumer.kafka.status;
		if (status != STATUS_OK)
			log_error("%s", consumer.kafka.why);
	}
	consumer_close(&consumer);
	if (out_close(&out) == -1) {
		/* A reader that has seen enough needs no explanation. */
		if (errno != EPIPE)
			log_error("cannot write standard output: %s",
			    strerror(errno));
		return STATUS_FAILED;
	}
	return status;
}
