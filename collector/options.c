#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "log.h"
#include "login.h"
#include "memory.h"
#include "quantity.h"
#include "status.h"
#include "stop.h"
#include "upkeep.h"
#include "version.h"

enum {
	BUFFER_DEFAULT = 64 * 1024 * 1024,
	BUFFER_MIN = 2 * 1024 * 1024,
	PER_CONNECTION_DEFAULT = 90,
	INTERVAL_DEFAULT = 500,
	GRACE_DEFAULT = 10
};

static const struct option names[] = {
    {"account", required_argument, NULL, 'a'},
    {"buffer", required_argument, NULL, 'b'},
    {"ca-file", required_argument, NULL, 'C'},
    {"file", required_argument, NULL, 'f'},
    {"grace", required_argument, NULL, 'g'},
    {"help", no_argument, NULL, 'h'},
    {"open-interval", required_argument, NULL, 'i'},
    {"joins", required_argument, NULL, 'j'},
    {"logins", required_argument, NULL, 'l'},
    {"membership", no_argument, NULL, 'm'},
    {"per-connection", required_argument, NULL, 'n'},
    {"on-overflow", required_argument, NULL, 'o'},
    {"redundancy", required_argument, NULL, 'R'},
    {"rooms", required_argument, NULL, 'r'},
    {"token-command", required_argument, NULL, 't'},
    {"token-interval", required_argument, NULL, 'T'},
    {"url", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int64_t
number(const char *option, const char *s, int64_t min, int64_t max)
{
	int64_t v;

	if (quantity_number(s, min, max, &v) == -1)
		die(STATUS_USAGE, "--%s '%s' is not a number from %lld to %lld",
		    option, s, (long long)min, (long long)max);
	return v;
}

static int64_t
duration(const char *option, const char *s, int64_t min, int64_t max)
{
	int64_t v;

	if (quantity_duration(s, min, max, &v) == -1)
		die(STATUS_USAGE,
		    "--%s '%s' is not a time, such as 500ms or 2s", option, s);
	return v;
}

static void
add_account(struct options *o, const char *typed)
{
	char *name = memory_new(CHANNEL_MAX + 1, 1);

	if (channel_name(slice_of(typed), name) == -1)
		die(STATUS_USAGE, "'%s' is not an account's login", typed);
	o->accounts =
	    memory_grow(o->accounts, o->naccounts + 1, sizeof(*o->accounts));
	o->accounts[o->naccounts++] = name;
}

static void
take(struct options *o, int letter, const char *arg)
{
	switch (letter) {
	case 'a':
		add_account(o, arg);
		break;
	case 'b':
		if (quantity_size(arg, BUFFER_MIN, INT64_MAX / 4, &o->buffer) ==
		    -1)
			die(STATUS_USAGE,
			    "--buffer '%s' is not a size of 2M or more", arg);
		break;
	case 'C':
		o->ca_file = arg;
		break;
	case 'f':
		o->channel_file = arg;
		break;
	case 'g':
		o->grace = stop_grace(arg);
		if (o->grace == 0)
			die(STATUS_USAGE, STOP_GRACE_WRONG, arg);
		break;
	case 'i':
		o->open_interval = duration("open-interval", arg, 0, 3600000);
		break;
	case 'j':
		o->limits.joins = (unsigned)number("joins", arg, 1, 100000);
		break;
	case 'l':
		o->limits.logins = (unsigned)number("logins", arg, 1, 100000);
		break;
	case 'm':
		o->membership = true;
		break;
	case 'n':
		o->per_connection = number("per-connection", arg, 1, 100000);
		break;
	case 'o':
		o->block = strcmp(arg, "block") == 0;
		if (!o->block && strcmp(arg, "drop") != 0)
			die(STATUS_USAGE,
			    "--on-overflow '%s' is neither drop nor block",
			    arg);
		break;
	case 'r':
		o->limits.rooms = (unsigned)number("rooms", arg, 1, 1000000);
		break;
	case 'R':
		o->redundancy = number("redundancy", arg, 1, SIDES);
		break;
	case 't':
		o->token_command = arg;
		break;
	case 'T':
		o->token_interval =
		    duration("token-interval", arg, 100, 3600000);
		break;
	case 'u':
		o->url = arg;
		break;
	}
}

static void
read_environment(struct options *o)
{
	const char *url = getenv("TWITCH_IRC_URI");
	const char *token = getenv("TWITCH_OAUTH_TOKEN");

	if (url != NULL && *url != '\0')
		o->url = url;
	if (token != NULL && *token != '\0')
		o->token = token;
}

static void
check(struct options *o)
{
	static char token[LOGIN_TOKEN_MAX];

	if (o->per_connection > o->limits.rooms)
		o->per_connection = o->limits.rooms;
	if (o->naccounts == 0)
		return;
	if (o->token != NULL && strncmp(o->token, "oauth:", 6) != 0)
		die(STATUS_USAGE,
		    "TWITCH_OAUTH_TOKEN does not begin with 'oauth:'");
	if (o->token != NULL && login_token(slice_of(o->token), token) == -1)
		die(STATUS_USAGE, "TWITCH_OAUTH_TOKEN holds no token");
	if (o->token != NULL)
		o->token = token;
	if (o->token != NULL && o->naccounts > 1)
		die(STATUS_USAGE,
		    "TWITCH_OAUTH_TOKEN is one account's, not %zu accounts'",
		    o->naccounts);
}

void
options_read(struct options *o, int argc, char *argv[],
    void (*usage)(int status))
{
	int letter;

	*o = (struct options){.url = "wss://irc-ws.chat.twitch.tv:443",
	    .token_command = "twitch-oauth token $2 \"$1\"",
	    .buffer = BUFFER_DEFAULT,
	    .grace = GRACE_DEFAULT,
	    .open_interval = INTERVAL_DEFAULT,
	    .token_interval = UPKEEP_INTERVAL,
	    .per_connection = PER_CONNECTION_DEFAULT,
	    .redundancy = 1,
	    .limits = {LIMITS_JOINS, LIMITS_LOGINS, LIMITS_ROOMS}};
	read_environment(o);
	while ((letter = getopt_long(argc, argv,
		    "a:b:C:f:g:hi:j:l:mn:o:r:R:t:T:u:V", names, NULL)) != -1) {
		switch (letter) {
		case 'h':
			usage(STATUS_OK);
			break;
		case 'V':
			puts("ws-reader " VERSION);
			exit(STATUS_OK);
		case '?':
			usage(STATUS_USAGE);
			break;
		default:
			take(o, letter, optarg);
		}
	}
	check(o);
	o->channels = argv + optind;
	o->nchannels = argc - optind;
}

void
options_close(struct options *o)
{
	for (size_t i = 0; i < o->naccounts; i++)
		free(o->accounts[i]);
	free(o->accounts);
}
