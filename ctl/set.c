#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "channel_file.h"
#include "clock.h"
#include "command.h"
#include "listener.h"
#include "log.h"
#include "status.h"

/* The channels of a list, all of it read before anything is sent. */
struct list {
	char (*names)[CHANNEL_MAX + 1];
	size_t n, cap;
};

static void
list_add(struct list *list, const char *name)
{
	if (list->n == CHANNEL_SET_MAX)
		die(STATUS_USAGE, "more than %d channels", CHANNEL_SET_MAX);
	if (list->n == list->cap) {
		list->cap = list->cap == 0 ? 1024 : 2 * list->cap;
		list->names =
		    realloc(list->names, list->cap * sizeof(*list->names));
		if (list->names == NULL)
			die(STATUS_FAILED, "out of memory");
	}
	strcpy(list->names[list->n++], name);
}

/* Exits with a sentence when the list cannot be read whole. */
static void
list_read(struct list *list, const char *path)
{
	struct channel_file file;
	char name[CHANNEL_MAX + 1];
	int n;

	if (channel_file_open(&file, path) == -1)
		die(STATUS_USAGE, "%s", file.why);
	while ((n = channel_file_next(&file, name)) > 0)
		list_add(list, name);
	if (n == -1)
		die(STATUS_USAGE, "%s", file.why);
	channel_file_close(&file);
}

/* The line: VERB ID */
static int
send_verb(const char *verb, const char *id)
{
	char line[64];

	snprintf(line, sizeof(line), "%s %s\n", verb, id);
	return listener_send(slice_of(line));
}

/*
 * All of it or nothing: the reader changes nothing before the last line, and
 * forgets a set whose last line does not come.
 */
static int
send_set(const struct list *list)
{
	char id[32], verb[48];
	struct batch b;
	int status;

	/* Of its own also where containers share a FIFO and number alike. */
	snprintf(id, sizeof(id), "%d.%" PRId64, (int)getpid(), clock_wall());
	snprintf(verb, sizeof(verb), "set-add %s", id);
	status = send_verb("set-begin", id);
	batch_open(&b, verb);
	for (size_t i = 0; i < list->n && status == STATUS_OK; i++)
		status = batch_add(&b, list->names[i]);
	if (status == STATUS_OK)
		status = batch_send(&b);
	return status == STATUS_OK ? send_verb("set-commit", id) : status;
}

int
command_set(int argc, char **argv)
{
	static const struct option options[] = {
	    {"allow-empty", no_argument, NULL, 'e'},
	    {NULL, 0, NULL, 0},
	};
	struct list list = {0};
	bool allow_empty = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "e", options, NULL)) != -1) {
		if (option != 'e')
			return COMMAND_MISUSED;
		allow_empty = true;
	}
	if (argc - optind != 1) {
		log_error("set: name one list, - for standard input");
		return COMMAND_MISUSED;
	}
	if (!listener_exists())
		return listener_missing();

	list_read(&list, argv[optind]);
	if (list.n == 0 && !allow_empty) {
		log_error("the list is empty, nothing is changed: give "
			  "--allow-empty to read no channel at all");
		return STATUS_FAILED;
	}
	status = send_set(&list);
	free(list.names);
	return status;
}
