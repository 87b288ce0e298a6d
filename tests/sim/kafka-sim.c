/*
 * A Kafka cluster on loopback ports: librdkafka's mock brokers, which keep
 * what they are sent in memory (100,000 records or 5 MB a partition; then the
 * oldest go), make any topic that is asked for, and answer produce, fetch,
 * consumer group and transaction requests.
 *
 * Commands, one a line, on standard input; its end is ignored. Each is named
 * on standard error once it is done.
 *
 *	down N			disconnect broker N and refuse connections
 *	up N			accept them again; N is 1…, or `all`
 *	error CODE COUNT [KEY]	fail the next COUNT requests of the API with
 *				this KEY, 0, Produce, without one, with CODE: a
 *				number of Kafka's (7 is REQUEST_TIMED_OUT, 87
 *				INVALID_RECORD), or -195, which cuts the
 *				connection; a COUNT of 0 ends that
 *	topic NAME CODE		answer questions about this topic with CODE
 *				(3 is UNKNOWN_TOPIC_OR_PART), 0 for the truth
 *	rtt MS			how long every broker takes to answer
 *	quit
 */
#include <errno.h>
#include <getopt.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomic.h"
#include "line.h"
#include "log.h"
#include "quantity.h"
#include "status.h"
#include "stop.h"

enum {
	COMMAND_MAX = 1024,
	BROKERS_MAX = 100,
	TOPICS_MAX = 64,
	PRODUCE = 0 /* an API key of Kafka's protocol */
};

struct options {
	int brokers;
	const char *url_file;
	char *topics[TOPICS_MAX];
	int topic_count;
};

/* A number in its range, or die naming what it should have been. */
static int
number(const char *s, int min, int max, const char *what)
{
	int64_t v;

	if (quantity_number(s, min, max, &v) == -1)
		die(STATUS_USAGE, "'%s' is not %s from %d to %d", s, what, min,
		    max);
	return (int)v;
}

/* NAME:PARTITIONS; one partition when no number is given. */
static void
create_topic(rd_kafka_mock_cluster_t *cluster, char *topic, int brokers)
{
	char *colon = strchr(topic, ':');
	int partitions = 1;

	if (colon != NULL) {
		*colon = '\0';
		partitions = number(colon + 1, 1, 1000, "a partition count");
	}
	if (rd_kafka_mock_topic_create(cluster, topic, partitions,
		brokers < 3 ? brokers : 3) != RD_KAFKA_RESP_ERR_NO_ERROR)
		die(STATUS_USAGE, "cannot create topic '%s'", topic);
}

static void
push_errors(rd_kafka_mock_cluster_t *cluster, int code, int count, int key)
{
	if (count == 0)
		rd_kafka_mock_clear_request_errors(cluster, (int16_t)key);
	for (int i = 0; i < count; i++)
		rd_kafka_mock_push_request_errors(cluster, (int16_t)key, 1,
		    (rd_kafka_resp_err_t)code);
}

/* Obey one command. Returns false for `quit`. */
static bool
obey(rd_kafka_mock_cluster_t *cluster, struct slice line)
{
	char text[COMMAND_MAX + 1], name[COMMAND_MAX];
	int a, b, key = PRODUCE;

	memcpy(text, line.p, line.len);
	text[line.len] = '\0';
	if (strcmp(text, "quit") == 0)
		return false;
	if (strcmp(text, "down all") == 0)
		rd_kafka_mock_broker_set_down(cluster, -1);
	else if (strcmp(text, "up all") == 0)
		rd_kafka_mock_broker_set_up(cluster, -1);
	else if (sscanf(text, "down %d", &a) == 1)
		rd_kafka_mock_broker_set_down(cluster, a);
	else if (sscanf(text, "up %d", &a) == 1)
		rd_kafka_mock_broker_set_up(cluster, a);
	else if (sscanf(text, "error %d %d %d", &a, &b, &key) >= 2)
		push_errors(cluster, a, b, key);
	else if (sscanf(text, "topic %s %d", name, &a) == 2)
		rd_kafka_mock_topic_set_error(cluster, name,
		    (rd_kafka_resp_err_t)a);
	else if (sscanf(text, "rtt %d", &a) == 1)
		rd_kafka_mock_broker_set_rtt(cluster, -1, a);
	else
		log_warn("unknown command '%s'", text);
	return true;
}

/* Obey standard input until it says quit, or a signal does. */
static void
serve(rd_kafka_mock_cluster_t *cluster)
{
	struct line_reader in;
	struct line line;

	if (line_open(&in, STDIN_FILENO, COMMAND_MAX) == -1)
		die(STATUS_FAILED, "out of memory");
	while (line_fill(&in) > 0)
		while (line_next(&in, &line)) {
			if (!obey(cluster, line.text))
				goto out;
			log_info("done: %.*s", (int)line.text.len, line.text.p);
		}
	stop_wait(-1, 0, -1);
out:
	line_close(&in);
}

static void
usage(FILE *to)
{
	fprintf(to,
	    "usage: kafka-sim [-h] [-b brokers] [-t topic:partitions] "
	    "[-u url-file]\n");
}

static void
parse_options(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {
	    {"brokers", required_argument, NULL, 'b'},
	    {"topic", required_argument, NULL, 't'},
	    {"url-file", required_argument, NULL, 'u'},
	    {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "b:t:u:h", options, NULL)) != -1) {
		switch (c) {
		case 'b':
			o->brokers =
			    number(optarg, 1, BROKERS_MAX, "a broker count");
			break;
		case 't':
			if (o->topic_count == TOPICS_MAX)
				die(STATUS_USAGE, "more than %d topics",
				    TOPICS_MAX);
			o->topics[o->topic_count++] = optarg;
			break;
		case 'u':
			o->url_file = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(STATUS_OK);
		default:
			usage(stderr);
			exit(STATUS_USAGE);
		}
	}
}

int
main(int argc, char **argv)
{
	struct options options = {.brokers = 1};
	rd_kafka_mock_cluster_t *cluster;
	rd_kafka_conf_t *conf;
	rd_kafka_t *handle;
	const char *urls;
	char why[512];

	log_open("kafka-sim");
	parse_options(argc, argv, &options);
	stop_on_signals(10);

	conf = rd_kafka_conf_new();
	rd_kafka_conf_set_log_cb(conf, NULL);
	handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (handle == NULL)
		die(STATUS_FAILED, "cannot start librdkafka: %s", why);
	cluster = rd_kafka_mock_cluster_new(handle, options.brokers);
	if (cluster == NULL)
		die(STATUS_FAILED, "cannot start the mock brokers");
	for (int i = 0; i < options.topic_count; i++)
		create_topic(cluster, options.topics[i], options.brokers);

	urls = rd_kafka_mock_cluster_bootstraps(cluster);
	log_info("listening on %s", urls);
	if (options.url_file != NULL &&
	    atomic_write(options.url_file, slice_of(urls), false) == -1)
		die(STATUS_FAILED, "cannot write '%s': %s", options.url_file,
		    strerror(errno));
	serve(cluster);

	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(handle);
	return STATUS_OK;
}
