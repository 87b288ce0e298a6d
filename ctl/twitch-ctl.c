/* twitch-ctl: tells a running reader what to read, and asks what it does. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "instance.h"
#include "log.h"
#include "standard.h"
#include "status.h"
#include "version.h"

static const struct command {
	const char *name, *arguments;
	int (*run)(int argc, char **argv);
} commands[] = {
    {"join", " channel ...", command_join},
    {"part", " channel ...", command_part},
    {"set", " [-e] file | -", command_set},
    {"reconnect", " [conn]", command_reconnect},
    {"list", " [-J] [-p phase]", command_list},
    {"status", " [-J]", command_status},
    {"wait", " [-t seconds] channel ...", command_wait},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static _Noreturn void
usage(FILE *to, int status)
{
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "%s twitch-ctl [-hV] [-N name] %s%s\n",
		    i == 0 ? "usage:" : "      ", commands[i].name,
		    commands[i].arguments);
	exit(status);
}

static int
run(int argc, char **argv)
{
	for (size_t i = 0; argc > 0 && i < COMMANDS; i++) {
		int status;

		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		optind = 0; /* getopt(3) begins anew */
		status = commands[i].run(argc, argv);
		if (status == COMMAND_MISUSED)
			usage(stderr, STATUS_USAGE);
		return status;
	}
	if (argc > 0)
		log_error("'%s' is no command", argv[0]);
	else
		log_error("no command is given");
	usage(stderr, STATUS_USAGE);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"help", no_argument, NULL, 'h'},
	    {"name", required_argument, NULL, 'N'},
	    {"version", no_argument, NULL, 'V'},
	    {NULL, 0, NULL, 0},
	};
	const char *name = NULL;
	int option, status;

	standard_hold();
	log_open("twitch-ctl");
	while ((option = getopt_long(argc, argv, "+hN:V", options, NULL)) !=
	    -1) {
		switch (option) {
		case 'h':
			usage(stdout, STATUS_OK);
		case 'N':
			name = optarg;
			break;
		case 'V':
			puts("twitch-ctl " VERSION);
			return STATUS_OK;
		default:
			usage(stderr, STATUS_USAGE);
		}
	}
	if (name != NULL)
		instance_select(name);
	status = run(argc - optind, argv + optind);
	if (standard_close() == -1)
		die(STATUS_FAILED, "cannot write standard output: %s",
		    strerror(errno));
	return status;
}
