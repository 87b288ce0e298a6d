/* twitch-oauth(1): tokens for Twitch, got, kept fresh and handed out. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "log.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

static const struct command {
	const char *name;
	enum status (*run)(const struct settings *s, char **args);
	const char *options; /* besides those of every command */
	int least, most;     /* arguments */
} commands[] = {
    {"client", client_command, "", 0, 0},
    {"headers", headers_command, "Ar", 0, 1},
    {"import", import_command, "", 2, 2},
    {"list", list_command, "", 0, 0},
    {"login", login_command, "blNs", 0, 0},
    {"revoke", revoke_command, "", 1, 1},
    {"serve", serve_command, "ls", 0, 0},
    {"token", token_command, "Ar", 0, 1},
    {"validate", validate_command, "", 0, INT32_MAX},
};

static const struct option longs[] = {
    {"app", no_argument, NULL, 'A'},
    {"browser", no_argument, NULL, 'b'},
    {"ca-file", required_argument, NULL, 'C'},
    {"grace", required_argument, NULL, 'g'},
    {"help", no_argument, NULL, 'h'},
    {"listen", required_argument, NULL, 'l'},
    {"name", required_argument, NULL, 'N'},
    {"refused", no_argument, NULL, 'r'},
    {"scopes", required_argument, NULL, 's'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

_Noreturn static void
usage(int status)
{
	fputs("usage: twitch-oauth [-hV] [-C file] [-g seconds] command ...\n"
	      "       twitch-oauth client\n"
	      "       twitch-oauth headers [-r] -A | account\n"
	      "       twitch-oauth import file account\n"
	      "       twitch-oauth list\n"
	      "       twitch-oauth login [-b] [-l address] [-N account] "
	      "[-s scopes]\n"
	      "       twitch-oauth revoke account\n"
	      "       twitch-oauth serve [-l address] [-s scopes]\n"
	      "       twitch-oauth token [-r] -A | account\n"
	      "       twitch-oauth validate [account ...]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

/* Set what an option says, and note its letter; -1 if there is none such. */
static int
take_option(int c, struct settings *s, unsigned *grace)
{
	int64_t seconds;

	switch (c) {
	case 'A':
		s->application = true;
		return 0;
	case 'b':
		s->browser = true;
		return 0;
	case 'C':
		s->ca_file = optarg;
		return 0;
	case 'g':
		if (quantity_number(optarg, 1, 3600, &seconds) == -1)
			die(STATUS_USAGE, "'%s' is not a number of seconds",
			    optarg);
		*grace = (unsigned)seconds;
		return 0;
	case 'l':
		s->listen = optarg;
		return 0;
	case 'N':
		s->name = optarg;
		return 0;
	case 'r':
		s->refused = true;
		return 0;
	case 's':
		s->scopes = optarg;
		return 0;
	default:
		return -1;
	}
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	log_error("no command '%s'", name);
	usage(STATUS_USAGE);
}

/* The command that was named, if it takes these options and arguments. */
static const struct command *
check(int argc, char **argv, const char *given)
{
	const struct command *command;

	if (argc == 0) {
		log_error("no command is given");
		usage(STATUS_USAGE);
	}
	command = find(argv[0]);
	for (; *given != '\0'; given++) {
		if (strchr("Cg", *given) != NULL ||
		    strchr(command->options, *given) != NULL)
			continue;
		log_error("%s takes no -%c", command->name, *given);
		usage(STATUS_USAGE);
	}
	if (argc - 1 < command->least || argc - 1 > command->most) {
		log_error("%s: there are too %s arguments", command->name,
		    argc - 1 < command->least ? "few" : "many");
		usage(STATUS_USAGE);
	}
	return command;
}

static const char *
scopes(void)
{
	const char *v = variable("TWITCH_SCOPES");

	return v != NULL ? v : "chat:read";
}

int
main(int argc, char **argv)
{
	struct settings settings = {.scopes = scopes()};
	const struct command *command;
	char given[64] = "";
	enum status status;
	unsigned grace = 10;
	int c;

	log_open("twitch-oauth");
	standard_hold();
	while ((c = getopt_long(argc, argv, "AbC:g:hl:N:rs:V", longs, NULL)) !=
	    -1) {
		if (c == 'h')
			usage(STATUS_OK);
		if (c == 'V') {
			puts("twitch-oauth " VERSION);
			return STATUS_OK;
		}
		if (take_option(c, &settings, &grace) == -1)
			usage(STATUS_USAGE);
		if (strchr(given, c) == NULL)
			given[strlen(given)] = (char)c;
	}
	command = check(argc - optind, argv + optind, given);
	stop_on_signals(grace);
	status = command->run(&settings, argv + optind + 1);
	if (standard_close() == -1) {
		log_error("cannot write the answer: %s", strerror(errno));
		status = STATUS_FAILED;
	}
	return (int)status;
}
