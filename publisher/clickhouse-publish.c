/*
 * clickhouse-publish: records on standard input, one a line, into ClickHouse.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/server_options.h"
#include "driver/sink.h"
#include "driver/store.h"
#include "driver/store_options.h"
#include "log.h"
#include "sql/clickhouse_store.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

enum {
	PORT = 8123,
	PORT_TLS = 8443,
	ROWS = 10000, /* each batch makes a part, and parts are dear */
	BASE_MAX = 512
};

struct options {
	struct server_options server;
	const char *database;
};

static _Noreturn void
usage(enum status status)
{
	fputs("usage: clickhouse-publish [-htV] [-b rows] [-c file] "
	      "[-d database] [-g seconds] [-H host] [-l seconds] [-M size] "
	      "[-P file] [-p port] [-r file] [-S when] [-s directory] "
	      "[-u user]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

/* --- options */

static void
from_environment(struct options *o)
{
	server_options_open(&o->server, "DB_HOST", "DB_PORT");
	o->server.user = variable_or("DB_USER", "default");
	o->server.password = variable_or("DB_PASSWORD", "");
	o->server.tls =
	    strcmp(variable_or("DB_SSLMODE", "disable"), "disable") != 0;
	o->database = variable_or("DB_NAME", "default");
}

static const struct option names[] = {SINK_OPTION_NAMES, STORE_OPTION_NAMES,
    SERVER_OPTION_NAMES, {"database", required_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

static void
parse_options(struct options *o, struct store *st, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS
			STORE_OPTION_LETTERS SERVER_OPTION_LETTERS "d:hV",
		    names, NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg) ||
		    server_options_take(&o->server, c, optarg))
			continue;
		switch (c) {
		case 'd':
			o->database = optarg;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'V':
			printf("clickhouse-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	server_options_port(&o->server, PORT, PORT_TLS);
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
open_http(struct clickhouse_store *s, const struct server_options *o)
{
	bool v6 = strchr(o->host, ':') != NULL;
	char base[BASE_MAX];

	snprintf(base, sizeof(base), "http%s://%s%.255s%s:%d",
	    o->tls ? "s" : "", v6 ? "[" : "", o->host, v6 ? "]" : "", o->port);
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

	standard_hold();
	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	store.rows_max = ROWS;
	from_environment(&o);
	parse_options(&o, &store, argc, argv);
	sink.destination = o.database;
	stop_on_signals(sink_options_alarm(&sink.options));
	clickhouse.database = o.database;
	open_http(&clickhouse, &o.server);
	if (row_open(&clickhouse.row, sink.record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	return store_run(&store, STDIN_FILENO);
}
