#include "helix.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "oauth.h"
#include "web.h"

enum { PAGE = 20, PAGE_MAX = 100 };

static const struct game {
	const char *id, *name;
} games[] = {
    {"509658", "Just Chatting"},
    {"743", "Chess"},
    {"32982", "Grand Theft Auto V"},
};

static const char *const languages[] = {"en", "de", "es", "fr", "ja"};

enum {
	GAMES = sizeof(games) / sizeof(*games),
	LANGUAGES = sizeof(languages) / sizeof(*languages)
};

void
helix_open(struct helix *helix, const struct oauth *oauth)
{
	*helix = (struct helix){
	    .oauth = oauth,
	    .streams = 250,
	    .limit = 800,
	    .window = 60,
	};
	helix->left = helix->limit;
}

static void
refuse(struct web_request *r, unsigned status, const char *error,
    const char *message)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "error", error);
	cJSON_AddNumberToObject(json, "status", status);
	cJSON_AddStringToObject(json, "message", message);
	web_json(r, status, json);
}

static void
add_number(struct web_request *r, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	web_add(r, name, text);
}

/* Take a point from the bucket. False, and answered, when it is empty. */
static bool
take_point(struct helix *helix, struct web_request *r)
{
	int64_t now = clock_wall();
	bool empty;

	if (now >= helix->full_at) {
		helix->left = helix->limit;
		helix->full_at = now + helix->window * 1000;
	}
	empty = helix->left == 0;
	if (!empty)
		helix->left--;
	add_number(r, "Ratelimit-Limit", helix->limit);
	add_number(r, "Ratelimit-Remaining", helix->left);
	add_number(r, "Ratelimit-Reset", (helix->full_at + 999) / 1000);
	if (empty) {
		helix->counts.limited++;
		refuse(r, 429, "Too Many Requests", "Request limit exceeded");
	}
	return !empty;
}

/* False, and answered, when the token or the client id is no good. */
static bool
authorize(struct helix *helix, struct web_request *r)
{
	const char *header = web_header(r, "Authorization");
	const char *client = web_header(r, "Client-Id");
	const struct oauth_grant *grant = NULL;
	const char *why = NULL;

	if (header == NULL || strncmp(header, "Bearer ", 7) != 0)
		why = "OAuth token is missing";
	else if ((grant = oauth_find(helix->oauth, header + 7)) == NULL)
		why = "Invalid OAuth token";
	else if (client == NULL || strcmp(client, grant->client->id) != 0)
		why = "Client ID and OAuth token do not match";
	if (why == NULL && helix->unauthorized > 0) {
		helix->unauthorized--;
		why = "Invalid OAuth token";
	}
	if (why == NULL)
		return true;
	helix->counts.unauthorized++;
	refuse(r, 401, "Unauthorized", why);
	return false;
}

/* True if no parameter of this name was given, or one has this value. */
static bool
matches(const struct web_request *r, const char *name, const char *value)
{
	const char *given;

	if (web_param(r, name, 0) == NULL)
		return true;
	for (unsigned i = 0; (given = web_param(r, name, i)) != NULL; i++)
		if (strcmp(given, value) == 0)
			return true;
	return false;
}

static cJSON *
stream(const struct helix *helix, int64_t i)
{
	const struct game *game = &games[i % GAMES];
	cJSON *json = cJSON_CreateObject(), *tags;
	char login[32], id[32], user_id[32];

	snprintf(login, sizeof(login), "streamer%05d", (int)i);
	snprintf(id, sizeof(id), "%d", 400000000 + (int)i);
	snprintf(user_id, sizeof(user_id), "%d", 9000000 + (int)i);
	cJSON_AddStringToObject(json, "id", id);
	cJSON_AddStringToObject(json, "user_id", user_id);
	cJSON_AddStringToObject(json, "user_login", login);
	cJSON_AddStringToObject(json, "user_name", "Streamer \"é\"");
	cJSON_AddStringToObject(json, "game_id", game->id);
	cJSON_AddStringToObject(json, "game_name", game->name);
	cJSON_AddStringToObject(json, "type", "live");
	cJSON_AddStringToObject(json, "title", "a title\twith a tab");
	cJSON_AddNumberToObject(json, "viewer_count",
	    (double)(3 * (helix->streams - i)));
	cJSON_AddStringToObject(json, "started_at", "2026-11-20T23:59:58Z");
	cJSON_AddStringToObject(json, "language", languages[i % LANGUAGES]);
	cJSON_AddStringToObject(json, "thumbnail_url",
	    "https://static-cdn.example/{width}x{height}.jpg");
	cJSON_AddArrayToObject(json, "tag_ids");
	tags = cJSON_AddArrayToObject(json, "tags");
	cJSON_AddItemToArray(tags, cJSON_CreateString("English"));
	cJSON_AddBoolToObject(json, "is_mature", false);
	return json;
}

/* Add up to `most` matching streams from i on. Returns where it stopped. */
static int64_t
add_page(const struct helix *helix, const struct web_request *r, cJSON *data,
    int64_t i, int64_t most)
{
	for (; i < helix->streams && most > 0; i++) {
		if (!matches(r, "language", languages[i % LANGUAGES]) ||
		    !matches(r, "game_id", games[i % GAMES].id))
			continue;
		cJSON_AddItemToArray(data, stream(helix, i));
		most--;
	}
	return i;
}

/* The cursor after a page that ended before stream i; -1: none. */
static int64_t
next_page(const struct helix *helix, int64_t i, int64_t from)
{
	if (i < helix->streams)
		return helix->overlap && i > 0 ? i - 1 : i;
	if (helix->loop)
		return 0;
	if (helix->repeat_cursor)
		return from;
	return helix->empty_end && from < helix->streams ? i : -1;
}

static void
on_streams(struct helix *helix, struct web_request *r)
{
	const char *first = web_param(r, "first", 0);
	const char *after = web_param(r, "after", 0);
	int64_t most = first == NULL ? PAGE : atoi(first);
	int64_t from = after == NULL ? 0 : strtol(after + 2, NULL, 16), next;
	cJSON *json, *data, *pagination;
	char cursor[24];

	if (most < 1 || most > PAGE_MAX) {
		refuse(r, 400, "Bad Request",
		    "The parameter \"first\" was malformed: the value must be "
		    "less than or equal to 100");
		return;
	}
	if (after != NULL && helix->invalid_cursor > 0) {
		helix->invalid_cursor--;
		refuse(r, 400, "Bad Request", "invalid cursor");
		return;
	}
	json = cJSON_CreateObject();
	data = cJSON_AddArrayToObject(json, "data");
	next = add_page(helix, r, data, from,
	    helix->short_pages ? (most + 1) / 2 : most);
	next = next_page(helix, next, from);
	pagination = cJSON_AddObjectToObject(json, "pagination");
	snprintf(cursor, sizeof(cursor), "eJ%06x", (unsigned)next);
	if (next != -1)
		cJSON_AddStringToObject(pagination, "cursor", cursor);
	web_json(r, 200, json);
}

static void
on_games(struct web_request *r)
{
	const char *name = web_param(r, "name", 0);
	cJSON *json = cJSON_CreateObject();
	cJSON *data = cJSON_AddArrayToObject(json, "data"), *game;

	for (size_t i = 0; name != NULL && i < GAMES; i++) {
		if (strcasecmp(games[i].name, name) != 0)
			continue;
		game = cJSON_CreateObject();
		cJSON_AddStringToObject(game, "id", games[i].id);
		cJSON_AddStringToObject(game, "name", games[i].name);
		cJSON_AddItemToArray(data, game);
	}
	web_json(r, 200, json);
}

bool
helix_handle(struct helix *helix, struct web_request *r)
{
	if (strncmp(r->path, "/helix/", 7) != 0)
		return false;
	helix->counts.calls++;
	if (!authorize(helix, r) || !take_point(helix, r))
		return true;
	if (strcmp(r->path, "/helix/streams") == 0)
		on_streams(helix, r);
	else if (strcmp(r->path, "/helix/games") == 0)
		on_games(r);
	return true;
}

bool
helix_set(struct helix *helix, const char *name, int64_t value)
{
	const struct {
		const char *name;
		int64_t *value;
	} all[] = {
	    {"streams", &helix->streams},
	    {"limit", &helix->limit},
	    {"window", &helix->window},
	    {"short_pages", &helix->short_pages},
	    {"overlap", &helix->overlap},
	    {"loop", &helix->loop},
	    {"repeat_cursor", &helix->repeat_cursor},
	    {"empty_end", &helix->empty_end},
	    {"invalid_cursor", &helix->invalid_cursor},
	    {"unauthorized", &helix->unauthorized},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i].name, name) == 0) {
			*all[i].value = value;
			helix->full_at = 0;
			return true;
		}
	return false;
}

void
helix_count(const struct helix *helix, cJSON *json)
{
	cJSON_AddNumberToObject(json, "calls", (double)helix->counts.calls);
	cJSON_AddNumberToObject(json, "limited", (double)helix->counts.limited);
	cJSON_AddNumberToObject(json, "unauthorized",
	    (double)helix->counts.unauthorized);
}
