/* twitch-top(1): the live channels with the most viewers, from Helix. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "helix.h"
#include "log.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "streams.h"
#include "version.h"

enum { WORDS_MAX = 100 /* values of one parameter; streams on one page */ };

struct words {
	const char *word[WORDS_MAX];
	int count;
};

struct options {
	const char *account, *ca_file;
	struct words languages, games;
	int64_t count, min_viewers;
	unsigned grace;
	bool json;
};

static const struct option longs[] = {
    {"account", required_argument, NULL, 'a'},
    {"ca-file", required_argument, NULL, 'C'},
    {"count", required_argument, NULL, 'n'},
    {"game", required_argument, NULL, 'G'},
    {"grace", required_argument, NULL, 'g'},
    {"help", no_argument, NULL, 'h'},
    {"json", no_argument, NULL, 'J'},
    {"language", required_argument, NULL, 'l'},
    {"min-viewers", required_argument, NULL, 'm'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* The id of the game that Helix knows by this name, the caller frees. */
static enum status
find_game(struct helix *helix, const char *name, char **id)
{
	struct http_form query = {0};
	enum status status;
	const cJSON *first;
	const char *found;
	cJSON *json;

	http_form_add(&query, "name", name);
	status = helix_get(helix, "/games", &query, &json);
	http_form_free(&query);
	if (status != STATUS_OK)
		return status;
	first =
	    cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "data"),
		0);
	found =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "id"));
	*id = found == NULL ? NULL : strdup(found);
	cJSON_Delete(json);
	if (*id != NULL)
		return STATUS_OK;
	log_error("Twitch knows no game '%s'", name);
	return STATUS_USAGE;
}

/* What every request for a page has; games that are not ids are looked up. */
static enum status
make_filter(struct helix *helix, const struct options *o,
    struct http_form *filter)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < o->languages.count; i++)
		http_form_add(filter, "language", o->languages.word[i]);
	for (int i = 0; i < o->games.count && status == STATUS_OK; i++) {
		const char *game = o->games.word[i];
		char *id = NULL;

		if (game[strspn(game, "0123456789")] != '\0')
			status = find_game(helix, game, &id);
		http_form_add(filter, "game_id", id == NULL ? game : id);
		free(id);
	}
	return status;
}

static void
print_record(void *arg, const cJSON *stream)
{
	const int64_t *taken_at = arg;
	cJSON *record = streams_record(stream, *taken_at);
	char *text = cJSON_PrintUnformatted(record);

	if (text == NULL)
		die(STATUS_FAILED, "out of memory");
	puts(text);
	cJSON_Delete(record);
	free(text);
}

static void
show_progress(const struct streams *streams)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%zu of %lld channels ", streams->count,
		    (long long)streams->most);
}

/* Page by page, until there are enough channels or no more. */
static enum status
walk(struct helix *helix, struct http_form *query, struct streams *streams,
    bool json)
{
	int64_t taken_at = clock_wall();
	size_t filter = query->len;
	enum status status;
	bool more = true;
	cJSON *page;

	while (more) {
		http_form_cut(query, filter);
		http_form_add(query, "after", streams->cursor);
		status = helix_get(helix, "/streams", query, &page);
		if (status != STATUS_OK)
			return status;
		more = streams_page(streams, page, json ? print_record : NULL,
		    &taken_at);
		cJSON_Delete(page);
		show_progress(streams);
		if (ferror(stdout))
			return STATUS_FAILED;
	}
	return STATUS_OK;
}

/*
 * Records are written as they come; logins only when there are all of them,
 * so that nobody takes half a list for the whole.
 */
static enum status
print_top(const struct options *o)
{
	struct http_form query = {0};
	struct streams streams;
	struct helix helix;
	enum status status;

	if (streams_open(&streams, o->count, o->min_viewers) == -1)
		die(STATUS_FAILED, "out of memory");
	status = helix_open(&helix, o->account, o->ca_file);
	http_form_add(&query, "first", "100");
	if (status == STATUS_OK)
		status = make_filter(&helix, o, &query);
	if (status == STATUS_OK)
		status = walk(&helix, &query, &streams, o->json);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	for (size_t i = 0; status == STATUS_OK && !o->json && i < streams.count;
	    i++)
		puts(streams.logins[i]);
	http_form_free(&query);
	helix_close(&helix);
	streams_close(&streams);
	return status;
}

_Noreturn static void
usage(int status)
{
	fputs("usage: twitch-top [-hJV] [-a account] [-C file] [-G game] "
	      "[-g seconds]\n"
	      "                  [-l language] [-m viewers] [-n count]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static int64_t
number(const char *arg, int64_t min, int64_t max)
{
	int64_t v;

	if (quantity_number(arg, min, max, &v) == -1)
		die(STATUS_USAGE, "'%s' is not a number from %lld to %lld", arg,
		    (long long)min, (long long)max);
	return v;
}

static void
add(struct words *words, const char *word)
{
	if (words->count == WORDS_MAX)
		die(STATUS_USAGE, "Helix takes no more than %d of these",
		    WORDS_MAX);
	words->word[words->count++] = word;
}

static void
take_option(struct options *o, int c)
{
	switch (c) {
	case 'a':
		o->account = optarg;
		break;
	case 'C':
		o->ca_file = optarg;
		break;
	case 'G':
		add(&o->games, optarg);
		break;
	case 'g':
		o->grace = stop_grace(optarg);
		if (o->grace == 0)
			die(STATUS_USAGE, STOP_GRACE_WRONG, optarg);
		break;
	case 'J':
		o->json = true;
		break;
	case 'l':
		add(&o->languages, optarg);
		break;
	case 'm':
		o->min_viewers = number(optarg, 0, INT32_MAX);
		break;
	case 'n':
		o->count = number(optarg, 1, STREAMS_MAX);
		break;
	case 'h':
		usage(STATUS_OK);
	case 'V':
		puts("twitch-top " VERSION);
		exit(STATUS_OK);
	default:
		usage(STATUS_USAGE);
	}
}

int
main(int argc, char **argv)
{
	struct options o = {.count = 100, .grace = 10};
	enum status status;
	int c;

	log_open("twitch-top");
	standard_hold();
	while ((c = getopt_long(argc, argv, "a:C:G:g:hJl:m:n:V", longs,
		    NULL)) != -1)
		take_option(&o, c);
	if (optind < argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	stop_on_signals(o.grace);
	status = print_top(&o);
	if (standard_close() == -1) {
		log_error("cannot write: %s", strerror(errno));
		status = STATUS_FAILED;
	}
	return (int)status;
}
