#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classifier.h"
#include "counts.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "version.h"

static struct classifier classifier;
static struct out out, reject;

static _Noreturn void
usage(int status)
{
	fprintf(status == STATUS_OK ? stdout : stderr,
	    "usage: irc-classify [-ahrV] [-g seconds] [-o columns] [-R file] "
	    "[-t types]\n"
	    "                    [-x logins]\n");
	exit(status);
}

/* -t: these types and no others, but for those of other -t. */
static void
add_types(uint64_t *types, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");
		int type = event_type_of((struct slice){list, len});

		if (type == -1)
			die(STATUS_USAGE, "there is no type '%.*s'", (int)len,
			    list);
		*types |= UINT64_C(1) << type;
		list += len;
		if (*list++ == '\0')
			return;
	}
}

static void
add_logins(struct classifier *c, const char *list)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (c->exclude_count == CLASSIFIER_EXCLUDE_MAX)
			die(STATUS_USAGE, "-x takes %d logins at most",
			    CLASSIFIER_EXCLUDE_MAX);
		c->exclude[c->exclude_count++] = (struct slice){list, len};
		list += len;
		if (*list++ == '\0')
			return;
	}
}

static void
open_reject(struct classifier *c, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd == -1)
		die(STATUS_USAGE, "cannot open '%s': %s", path,
		    strerror(errno));
	if (out_open(&reject, fd, CLASSIFIER_OUT) == -1)
		die(STATUS_FAILED, "out of memory");
	c->reject = &reject;
}

static void
options(struct classifier *c, int argc, char *argv[])
{
	static const struct option names[] = {{"all", no_argument, NULL, 'a'},
	    {"grace", required_argument, NULL, 'g'},
	    {"help", no_argument, NULL, 'h'},
	    {"output", required_argument, NULL, 'o'},
	    {"reject", required_argument, NULL, 'R'},
	    {"raw", no_argument, NULL, 'r'},
	    {"types", required_argument, NULL, 't'},
	    {"version", no_argument, NULL, 'V'},
	    {"exclude", required_argument, NULL, 'x'}, {NULL, 0, NULL, 0}};
	int64_t grace = 10;
	uint64_t types = 0;
	char error[256];
	bool all = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "ag:ho:R:rt:Vx:", names, NULL)) !=
	    -1) {
		switch (opt) {
		case 'a':
			all = true;
			break;
		case 'g':
			if (quantity_number(optarg, 1, 86400, &grace) == -1)
				die(STATUS_USAGE,
				    "-g takes seconds, 1 to 86400, not '%s'",
				    optarg);
			break;
		case 'h':
			usage(STATUS_OK);
		case 'o':
			if (project_parse(&c->project, optarg, error) == -1)
				die(STATUS_USAGE, "%s", error);
			break;
		case 'R':
			open_reject(c, optarg);
			break;
		case 'r':
			c->raw = true;
			break;
		case 't':
			add_types(&types, optarg);
			break;
		case 'V':
			printf("irc-classify %s\n", VERSION);
			exit(STATUS_OK);
		case 'x':
			add_logins(c, optarg);
			break;
		default:
			usage(STATUS_USAGE);
		}
	}
	if (optind < argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	if (types != 0)
		c->types = types;
	if (all)
		c->types |= UINT64_C(1) << EVENT_SERVER;
	stop_on_signals((unsigned)grace);
}

/* Everything that a block of input holds, and then one write. */
static int
classify(struct classifier *c, struct line_reader *in, struct counts *counts)
{
	struct line line;
	int n;

	for (;;) {
		counts_write(counts, c);
		if (stop_wait(in->fd, POLLIN, counts_wait(counts, c)) == 0)
			continue;
		n = line_fill(in);
		if (n <= 0)
			return n;
		while (line_next(in, &line))
			classifier_line(c, &line);
		/* A write that failed is told by out_close. */
		if (out_flush(&out) == -1 ||
		    (c->reject != NULL && out_flush(c->reject) == -1))
			return 0;
	}
}

int
main(int argc, char *argv[])
{
	struct line_reader in;
	struct counts counts;
	int status = STATUS_OK;

	standard_hold();
	log_open("irc-classify");
	if (out_open(&out, STDOUT_FILENO, CLASSIFIER_OUT) == -1 ||
	    line_open(&in, STDIN_FILENO, EVENT_LINE_MAX) == -1 ||
	    classifier_open(&classifier, &out) == -1)
		die(STATUS_FAILED, "out of memory");
	options(&classifier, argc, argv);
	classifier.raw |= project_has(&classifier.project, FIELD_RAW);
	counts_open(&counts);

	if (classify(&classifier, &in, &counts) == -1) {
		log_error("cannot read standard input: %s", strerror(errno));
		status = STATUS_FAILED;
	}
	if (classifier.reject != NULL && out_close(&reject) == -1) {
		log_error("cannot write rejected lines: %s", strerror(errno));
		status = STATUS_FAILED;
	}
	if (out_close(&out) == -1) {
		log_error("cannot write standard output: %s", strerror(errno));
		status = STATUS_FAILED;
	}
	counts_close(&counts, &classifier);
	classifier_close(&classifier);
	line_close(&in);
	return status;
}
