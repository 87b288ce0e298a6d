/*
 * clickhouse-publish: records on standard input, one a line, into ClickHouse.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clickhouse_store.h"
#include "log.h"
#include "password.h"
#include "quantity.h"
#include "sink.h"
#include "status.h"
#include "stop.h"
#include "store.h"
#include "store_options.h"
#include "variable.h"
#include "version.h"

enum {
	PORT = 8123,
	PORT_TLS = 8443,
	PORT_MAX = 65535,
	ROWS = 10000, /* each batch makes a part, and parts are dear */
	BASE_MAX = 512
};

struct options {
	const char *host, *user, *password, *database, *ca_file;
	int port; /* 0: not given */
	bool tls;
};

static void
usage(FILE *to)
{
	fputs("usage: clickhouse-publish [-htV] [-b rows] [-c file] "
	      "[-d database] [-g seconds] [-H host] [-l seconds] [-M size] "
	      "[-P file] [-p port] [-r file] [-S when] [-s directory] "
	      "[-u user]\n",
	    to);
}

static int
port(const char *argument)
{
	int64_t n;

	if (quantity_number(argument, 1, PORT_MAX, &n) == -1)
		die(STATUS_USAGE, "'%s' is not a port", argument);
	return (int)n;
}

/* --- options */

static const char * or (const char *value, const char *otherwise)
{
	return value != NULL ? value : otherwise;
}

static void
from_environment(struct options *o)
{
	const char *number = variable("DB_PORT");

	o->host = or (variable("DB_HOST"), "localhost");
	o->port = number == NULL ? 0 : port(number);
	o->user = or (variable("DB_USER"), "default");
	o->password = or (variable("DB_PASSWORD"), "");
	o->database = or (variable("DB_NAME"), "default");
	o->tls = strcmp(or (variable("DB_SSLMODE"), "disable"), "disable") != 0;
}

/* Take option `c`. Returns false if it is none of these. */
static bool
take(struct options *o, int c, const char *argument)
{
	switch (c) {
	case 'c':
		o->ca_file = argument;
		return true;
	case 'd':
		o->database = argument;
		return true;
	case 'H':
		o->host = argument;
		return true;
	case 'P':
		o->password = password_read(argument);
		return true;
	case 'p':
		o->port = port(argument);
		return true;
	case 't':
		o->tls = true;
		return true;
	case 'u':
		o->user = argument;
		return true;
	default:
		return false;
	}
}

static const struct option names[] = {SINK_OPTION_NAMES, STORE_OPTION_NAMES,
    {"ca", required_argument, NULL, 'c'},
    {"database", required_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'}, {"host", required_argument, NULL, 'H'},
    {"password-file", required_argument, NULL, 'P'},
    {"port", required_argument, NULL, 'p'}, {"tls", no_argument, NULL, 't'},
    {"user", required_argument, NULL, 'u'}, {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

static void
parse_options(struct options *o, struct store *st, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS STORE_OPTION_LETTERS "c:d:hH:P:p:tu:V",
		    names, NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg) || take(o, c, optarg))
			continue;
		switch (c) {
		case 'h':
			usage(stdout);
			exit(STATUS_OK);
		case 'V':
			printf("clickhouse-publish %s\n", VERSION);
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
	if (o->port == 0)
		o->port = o->tls ? PORT_TLS : PORT;
}

/* --- who we are, to whom */

static const char *
header(const char *name, const char *value)
{
	char *line;

	if (strpbrk(value, "\r\n") != NULL)
		die(STATUS_USAGE, "%s: a user or password of several lines",
		    name);
	if (asprintf(&line, "%s: %s", name, value) == -1)
		die(STATUS_FAILED, "out of memory");
	return line;
}

static void
open_http(struct clickhouse_store *s, const struct options *o)
{
	char base[BASE_MAX];

	snprintf(base, sizeof(base), "http%s://%.255s:%d", o->tls ? "s" : "",
	    o->host, o->port);
	s->database = o->database;
	s->headers[0] = header("X-ClickHouse-User", o->user);
	s->headers[1] = header("X-ClickHouse-Key", o->password);
	s->headers[2] = "Expect:"; /* send a large body without asking first */
	s->http = http_open_plain(base, o->ca_file);
	if (s->http == NULL)
		die(STATUS_FAILED, "cannot use libcurl: %s", strerror(errno));
}

int
main(int argc, char **argv)
{
	static struct clickhouse_store clickhouse;
	static struct sink sink = {.program = "clickhouse-publish"};
	static struct store store = {
	    .ops = &clickhouse_store_ops, .store = &clickhouse, .sink = &sink};
	static struct options o; /* like the store, for as long as we run */
	enum status status;

	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	store.rows_max = ROWS;
	from_environment(&o);
	parse_options(&o, &store, argc, argv);
	sink.destination = o.database;
	stop_on_signals(sink_options_alarm(&sink.options));
	open_http(&clickhouse, &o);
	if (row_open(&clickhouse.row, sink.record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	if (store_open(&store) == -1)
		die(store.status, "%s", store.why);
	status = sink_run(&sink, STDIN_FILENO);
	store_close(&store);
	return status;
}
