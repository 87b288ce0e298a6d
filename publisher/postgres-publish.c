/*
 * postgres-publish: records on standard input, one a line, into PostgreSQL.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/sink.h"
#include "driver/store.h"
#include "driver/store_options.h"
#include "log.h"
#include "sql/postgres_store.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

static _Noreturn void
usage(enum status status)
{
	fputs("usage: postgres-publish [-hV] [-b rows] [-c file] [-d database] "
	      "[-g seconds] [-l seconds] [-M size] [-m mode] [-r file] "
	      "[-S when] [-s directory]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static void
parse_options(struct postgres_store *s, struct store *st, int argc, char **argv)
{
	static const struct option names[] = {SINK_OPTION_NAMES,
	    STORE_OPTION_NAMES, {"ca", required_argument, NULL, 'c'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    /* As in libpq's URLs, for those of twitch-ingest. */
	    {"sslmode", required_argument, NULL, 'm'},
	    {"sslrootcert", required_argument, NULL, 'c'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS STORE_OPTION_LETTERS "c:d:hm:V", names,
		    NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg))
			continue;
		switch (c) {
		case 'c':
			s->postgres.ca_file = optarg;
			break;
		case 'd':
			s->postgres.database = optarg;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'm':
			s->postgres.sslmode = optarg;
			break;
		case 'V':
			printf("postgres-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	if (s->postgres.database != NULL) {
		const char *why = postgres_refuse(s->postgres.database);

		if (why != NULL)
			die(STATUS_USAGE, "-d: %s", why);
	}
}

/* What the spool knows the database by. */
static const char *
name_of(const struct postgres *p)
{
	const char *name = p->database;

	if (name == NULL)
		name = variable("DB_NAME");
	if (name == NULL)
		name = variable("PGDATABASE");
	return name == NULL ? "" : name;
}

int
main(int argc, char **argv)
{
	static struct postgres_store postgres = {.schema = &schema_events};
	static struct sink sink = {.program = "postgres-publish"};
	static struct store store = {
	    .ops = &postgres_store_ops, .store = &postgres, .sink = &sink};

	standard_hold();
	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	parse_options(&postgres, &store, argc, argv);
	sink.destination = name_of(&postgres.postgres);
	stop_on_signals(sink_options_alarm(&sink.options));
	if (row_open(&postgres.row, sink.record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	return store_run(&store, STDIN_FILENO);
}
