/*
 * file-publish: records on standard input, one a line, to files.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/sink.h"
#include "driver/store.h"
#include "driver/store_options.h"
#include "file/file_store.h"
#include "log.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "version.h"

enum {
	OPEN_MAX = 256,
	OPEN_LIMIT = 900, /* below what a process may open by default, 1024 */
	ROWS = 2000,
	LINGER_MS = 100
};

static _Noreturn void
usage(enum status status)
{
	fputs("usage: file-publish [-fhVz] [-b rows] [-g seconds] "
	      "[-l seconds] [-M size] [-n number] [-r file] [-S when] "
	      "[-s directory] path\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static size_t
open_max(const char *argument)
{
	int64_t n;

	if (quantity_number(argument, 1, OPEN_LIMIT, &n) == -1)
		die(STATUS_USAGE, "'%s' is not a number from 1 to %d", argument,
		    OPEN_LIMIT);
	return (size_t)n;
}

/* Returns the path. */
static const char *
parse_options(struct store *st, struct files *files, int argc, char **argv)
{
	static const struct option names[] = {SINK_OPTION_NAMES,
	    STORE_OPTION_NAMES, {"fsync", no_argument, NULL, 'f'},
	    {"help", no_argument, NULL, 'h'},
	    {"open-files", required_argument, NULL, 'n'},
	    {"version", no_argument, NULL, 'V'},
	    {"zstd", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS STORE_OPTION_LETTERS "fhn:Vz", names,
		    NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg))
			continue;
		switch (c) {
		case 'f':
			files->sync = true;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'n':
			files->open_max = open_max(optarg);
			break;
		case 'V':
			printf("file-publish %s\n", VERSION);
			exit(STATUS_OK);
		case 'z':
			files->zstd = true;
			break;
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc - 1)
		die(STATUS_USAGE, "give one path, of the files to write");
	return argv[optind];
}

int
main(int argc, char **argv)
{
	static struct file_store files = {.files.open_max = OPEN_MAX};
	static struct sink sink = {.program = "file-publish"};
	static struct store store = {
	    .ops = &file_store_ops, .store = &files, .sink = &sink};

	standard_hold();
	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	store.rows_max = ROWS;
	store.linger = LINGER_MS;
	sink.destination = parse_options(&store, &files.files, argc, argv);
	stop_on_signals(sink_options_alarm(&sink.options));
	if (file_store_open(&files, sink.destination) == -1)
		die(STATUS_USAGE, "%s", files.path.why);
	return store_run(&store, STDIN_FILENO);
}
