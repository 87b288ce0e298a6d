#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "listener.h"
#include "log.h"
#include "snapshot.h"
#include "status.h"

/* Without a phase, all that the reader has been told to read. */
static bool
is_listed(const struct snapshot_channel *c, const char *phase)
{
	if (phase != NULL)
		return strcmp(c->phase, phase) == 0;
	return strcmp(c->phase, "parting") != 0;
}

/* True for what status.json says of channels. */
static bool
is_phase(const char *typed)
{
	static const char *const phases[] = {
	    "idle", "joining", "joined", "parting", "refused"};

	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (strcmp(typed, phases[i]) == 0)
			return true;
	return false;
}

static void
print(const struct snapshot_channel *c, bool json)
{
	char *text = json ? snapshot_channel_json(c) : NULL;

	if (json && text == NULL)
		die(STATUS_FAILED, "out of memory");
	puts(json ? text : c->name);
	free(text);
}

int
command_list(int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'J'},
	    {"phase", required_argument, NULL, 'p'},
	    {NULL, 0, NULL, 0},
	};
	const char *phase = NULL;
	bool json = false;
	struct snapshot s;
	int option;

	while ((option = getopt_long(argc, argv, "Jp:", options, NULL)) != -1) {
		if (option == 'J')
			json = true;
		else if (option == 'p')
			phase = optarg;
		else
			return COMMAND_MISUSED;
	}
	if (phase != NULL && !is_phase(phase))
		die(STATUS_USAGE, "'%s' is no phase of a channel", phase);
	if (optind < argc) {
		log_error("list: '%s' is more than it takes", argv[optind]);
		return COMMAND_MISUSED;
	}

	if (!(listener_exists() && snapshot_read(&s) == 0) &&
	    snapshot_read_saved(&s) == -1) {
		if (errno == ENOENT)
			return STATUS_OK;
		log_error("cannot read channels.json: %s", strerror(errno));
		return STATUS_FAILED;
	}
	for (size_t i = 0; i < s.channels_n; i++)
		if (is_listed(&s.channels[i], phase))
			print(&s.channels[i], json);
	snapshot_free(&s);
	return STATUS_OK;
}
