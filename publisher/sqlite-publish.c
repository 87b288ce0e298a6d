/*
 * sqlite-publish: records on standard input, one a line, into a file of SQLite.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/sink.h"
#include "driver/store.h"
#include "driver/store_options.h"
#include "log.h"
#include "sql/sqlite_store.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

static _Noreturn void
usage(enum status status)
{
	fputs("usage: sqlite-publish [-hV] [-b rows] [-g seconds] [-l seconds] "
	      "[-M size] [-r file] [-S when] [-s directory] -d file\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static void
parse_options(struct sqlite_store *s, struct store *st, int argc, char **argv)
{
	static const struct option names[] = {SINK_OPTION_NAMES,
	    STORE_OPTION_NAMES, {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS STORE_OPTION_LETTERS "d:hV", names,
		    NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg))
			continue;
		switch (c) {
		case 'd':
			s->path = optarg;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'V':
			printf("sqlite-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	if (s->path == NULL || *s->path == '\0')
		die(STATUS_USAGE,
		    "no database is given: use -d FILE or "
		    "DB_PATH");
}

int
main(int argc, char **argv)
{
	static struct sqlite_store sqlite = {.schema = &schema_events};
	static struct sink sink = {.program = "sqlite-publish"};
	static struct store store = {
	    .ops = &sqlite_store_ops, .store = &sqlite, .sink = &sink};

	standard_hold();
	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	sqlite.path = variable("DB_PATH");
	parse_options(&sqlite, &store, argc, argv);
	sink.destination = sqlite.path;
	stop_on_signals(sink_options_alarm(&sink.options));
	if (row_open(&sqlite.row, sink.record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	return store_run(&store, STDIN_FILENO);
}
