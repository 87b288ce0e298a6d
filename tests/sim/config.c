#include "config.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "quantity.h"
#include "status.h"
#include "version.h"

enum kind { FLAG, NUMBER, DURATION, RANGE, SIZE, TEXT, WORDS };

enum { DAY = 24 * 3600 * 1000 };

#define AT(field) offsetof(struct config, field)

/* Every option: what getopt_long, -h and the configuration know of it. */
static const struct entry {
	const char *name, *arg;
	enum kind kind;
	size_t at;
	int64_t max;
	const char *help;
} entries[] = {
    {"port", "N", NUMBER, AT(port), 65535, "listen there; 0 (default): any"},
    {"tls", NULL, FLAG, AT(tls), 0, "wss, with a self-signed certificate"},
    {"cert-file", "FILE", TEXT, AT(cert_file), 0, "write the certificate"},
    {"url-file", "FILE", TEXT, AT(url_file), 0,
	"write the URL once it listens"},

    {"chat", "RATE", NUMBER, AT(chat), 10000000,
	"synthetic lines a second, over all joined channels"},
    {"seed", "N", NUMBER, AT(seed), INT64_MAX,
	"make the same synthetic chat each time"},
    {"replay", "FILE", TEXT, AT(replay), 0,
	"send its IRC lines to who has joined their channels"},
    {"rate", "N", NUMBER, AT(rate), 10000000,
	"lines of the replay a second (100)"},
    {"loop", NULL, FLAG, AT(loop), 0, "replay without end"},
    {"spread", NULL, FLAG, AT(spread), 0,
	"replay to the joined channels in turn, with ids of their own"},
    {"paused", NULL, FLAG, AT(paused), 0, "no chat, no replay until `resume'"},
    {"lines-per-frame", "N", NUMBER, AT(lines_per_frame), 10000,
	"chat lines in one frame, at most (10)"},

    {"duplicate", "PERCENT", NUMBER, AT(duplicate), 100,
	"of the chat lines are sent again a little later"},
    {"reorder", "PERCENT", NUMBER, AT(reorder), 100,
	"of the chat lines are sent a little later"},
    {"unheard", NULL, FLAG, AT(unheard), 0,
	"chat goes on in a channel that all have left, and is in --sent"},

    {"account", "LOGIN=TOKEN", WORDS, AT(accounts), 0,
	"an account and its token, without oauth:"},
    {"accounts", "FILE", TEXT, AT(accounts_file), 0, "such accounts, by line"},
    {"refuse", "TEXT", TEXT, AT(refuse), 0,
	"refuse every login with this NOTICE"},
    {"limit-joins", "N", NUMBER, AT(limit_joins), 100000,
	"JOINs in 10 s, by account or anonymous connection (20); 0: none"},
    {"limit-rooms", "N", NUMBER, AT(limit_rooms), 1000000,
	"channels an account may be in (100); 0: any number"},
    {"limit-logins", "N", NUMBER, AT(limit_logins), 100000,
	"logins of an account in 10 s (20); 0: any number"},
    {"suspended", "CHANNEL", WORDS, AT(suspended), 0, "a suspended channel"},
    {"banned", "CHANNEL", WORDS, AT(banned), 0,
	"a channel that has banned whoever joins"},
    {"tos", "CHANNEL", WORDS, AT(tos), 0,
	"a channel closed for breaking the terms of service"},
    {"silent", "CHANNEL", WORDS, AT(silent), 0,
	"a channel whose JOIN is never answered"},

    {"ping", "SECONDS", DURATION, AT(ping), DAY,
	"PING so often (300); 0: never"},
    {"pong", "SECONDS", DURATION, AT(pong), DAY,
	"close who has not answered a PING so long (10)"},
    {"reconnect-close", "A[-B]", RANGE, AT(reconnect_close), DAY,
	"close so long after RECONNECT, A to B (5)"},
    {"slow-limit", "BYTES", SIZE, AT(slow_limit), INT64_MAX,
	"disconnect who leaves more unread (1M)"},
    {"patient", NULL, FLAG, AT(patient), 0,
	"wait for slow readers, do not disconnect them"},
    {"upgrade", "ANSWER", TEXT, AT(upgrade), 0,
	"answer upgrades so: accept, silent, half, garbage, mute, a status"},
    {"http-status", "N", TEXT, AT(upgrade), 0, "the same"},
    {"redirect", NULL, FLAG, AT(redirect), 0,
	"answer with 301, as Twitch's plain port does"},

    {"sent", "FILE", TEXT, AT(sent), 0,
	"append every chat line sent, as NDJSON"},
    {"held", "FILE", TEXT, AT(held), 0,
	"append who joins and leaves which channel, as NDJSON"},
    {"counts", "FILE", TEXT, AT(counts), 0,
	"keep totals there, as JSON; the last at exit"},

    {"api-url-file", "FILE", TEXT, AT(api_url_file), 0,
	"serve OAuth and Helix too (api.h), and write their URL"},
    {"client", "ID[=SECRET]", WORDS, AT(clients), 0,
	"a client that OAuth knows; its tokens log accounts in"},
};

enum { ENTRIES = sizeof(entries) / sizeof(entries[0]) };

static void
usage(FILE *to)
{
	fprintf(to, "usage: twitch-sim [-hV] [--option ...] <commands\n");
	for (int i = 0; i < ENTRIES; i++) {
		const struct entry *e = &entries[i];
		char left[40];

		snprintf(left, sizeof(left), "--%s%s%s", e->name,
		    e->arg != NULL ? " " : "", e->arg != NULL ? e->arg : "");
		fprintf(to, "  %-23s %s\n", left, e->help);
	}
}

static _Noreturn void
wrong_usage(void)
{
	usage(stderr);
	exit(STATUS_USAGE);
}

static void
words_add(struct words *words, char *word)
{
	words->word =
	    realloc(words->word, (words->count + 1) * sizeof(*words->word));
	if (words->word == NULL)
		die(STATUS_FAILED, "out of memory");
	words->word[words->count++] = word;
}

/* Times A-B, or A alone for A-A. */
static int
parse_range(char *value, int64_t max, struct range *range)
{
	char *dash = strchr(value, '-');

	if (dash != NULL)
		*dash = '\0';
	if (quantity_duration(value, 0, max, &range->min) == -1)
		return -1;
	range->max = range->min;
	return dash == NULL ?
	    0 :
	    quantity_duration(dash + 1, range->min, max, &range->max);
}

static void
set(struct config *config, const struct entry *e, char *value)
{
	void *field = (char *)config + e->at;
	int ok = 0;

	switch (e->kind) {
	case FLAG:
		*(bool *)field = true;
		break;
	case NUMBER:
		ok = quantity_number(value, 0, e->max, field);
		break;
	case DURATION:
		ok = quantity_duration(value, 0, e->max, field);
		break;
	case RANGE:
		ok = parse_range(value, e->max, field);
		break;
	case SIZE:
		ok = quantity_size(value, 0, e->max, field);
		break;
	case TEXT:
		*(char **)field = value;
		break;
	case WORDS:
		words_add(field, value);
		break;
	}
	if (ok == -1)
		die(STATUS_USAGE, "--%s: not a value for it: '%s'", e->name,
		    value);
}

static _Noreturn void
finish(void)
{
	exit(fflush(stdout) == EOF ? STATUS_FAILED : STATUS_OK);
}

void
config_parse(struct config *config, int argc, char **argv)
{
	struct option longs[ENTRIES + 3] = {0};
	int c, which;

	*config = (struct config){.rate = 100,
	    .lines_per_frame = 10,
	    .limit_joins = 20,
	    .limit_rooms = 100,
	    .limit_logins = 20,
	    .ping = 300 * 1000,
	    .pong = 10 * 1000,
	    .reconnect_close = {5000, 5000},
	    .slow_limit = 1024 * 1024};
	for (int i = 0; i < ENTRIES; i++) {
		longs[i].name = entries[i].name;
		longs[i].has_arg = entries[i].arg != NULL;
	}
	longs[ENTRIES] = (struct option){"help", 0, NULL, 'h'};
	longs[ENTRIES + 1] = (struct option){"version", 0, NULL, 'V'};
	while ((c = getopt_long(argc, argv, "hV", longs, &which)) != -1) {
		switch (c) {
		case 0:
			set(config, &entries[which], optarg);
			break;
		case 'h':
			usage(stdout);
			finish();
		case 'V':
			puts("twitch-sim " VERSION);
			finish();
		default:
			wrong_usage();
		}
	}
	if (optind < argc)
		wrong_usage();
}

void
config_free(struct config *config)
{
	for (int i = 0; i < ENTRIES; i++) {
		void *field = (char *)config + entries[i].at;

		if (entries[i].kind == WORDS)
			free(((struct words *)field)->word);
	}
}
