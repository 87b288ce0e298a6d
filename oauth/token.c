#include "token.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "secret.h"
#include "status.h"
#include "text.h"

/* No token of Twitch's lives longer than months; a sane bound for numbers. */
static const double MS_MAX = 1e15;

/* A number of milliseconds, or -1 when it is missing or out of range. */
static int64_t
number(const cJSON *json, const char *name, double factor)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
	double v = cJSON_IsNumber(item) ? item->valuedouble * factor : -1;

	return v >= 0 && v <= MS_MAX ? (int64_t)v : -1;
}

/* Add each word of a list, given as one string, to `all`. */
static char *
add_words(char *all, const char *words)
{
	char *list = text_copy(words), *rest, *word;

	for (word = strtok_r(list, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		char *longer;

		if (!text_is_word(word))
			continue;
		if (asprintf(&longer, "%s%s%s", all == NULL ? "" : all,
			all == NULL ? "" : " ", word) == -1)
			die(STATUS_FAILED, "out of memory");
		free(all);
		all = longer;
	}
	free(list);
	return all;
}

char *
token_scopes(const cJSON *json)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "scope");
	const cJSON *item;
	char *all = NULL;

	if (list == NULL)
		list = cJSON_GetObjectItemCaseSensitive(json, "scopes");
	if (cJSON_IsString(list))
		return add_words(all, list->valuestring);
	cJSON_ArrayForEach(item, list) if (cJSON_IsString(item)) all =
	    add_words(all, item->valuestring);
	return all;
}

int64_t
token_expires_in(const cJSON *json)
{
	int64_t ms = number(json, "expires_in", 1000);

	return ms < 0 ? 0 : ms;
}

int64_t
token_time(const cJSON *json, const char *name)
{
	int64_t ms = number(json, name, 1);

	return ms < 0 ? 0 : ms;
}

int
token_parse(struct token *token, const cJSON *json, int64_t obtained_at)
{
	const char *access = text_word(json, "access_token");
	const char *refresh = text_word(json, "refresh_token");
	int64_t expires_at, said;

	if (access == NULL)
		access = text_word(json, "accessToken");
	if (refresh == NULL)
		refresh = text_word(json, "refreshToken");
	if (access != NULL && strncmp(access, "oauth:", 6) == 0)
		access += 6;
	if (!text_is_word(access))
		return -1;

	said = number(json, "obtained_at", 1);
	if (said >= 0)
		obtained_at = said;
	expires_at = number(json, "expires_at", 1);
	if (expires_at < 0)
		expires_at = number(json, "expiresAt", 1);
	if (expires_at < 0)
		expires_at = obtained_at + token_expires_in(json);

	*token = (struct token){
	    .access = text_copy(access),
	    .refresh = text_copy(refresh),
	    .scopes = token_scopes(json),
	    .obtained_at = obtained_at,
	    .expires_at = expires_at,
	};
	return 0;
}

void
token_update(struct token *token, struct token *fresh)
{
	struct token old = *token;

	*token = *fresh;
	if (token->refresh == NULL) {
		token->refresh = old.refresh;
		old.refresh = NULL;
	}
	if (token->scopes == NULL) {
		token->scopes = old.scopes;
		old.scopes = NULL;
	}
	token_free(&old);
	*fresh = (struct token){0};
}

int64_t
token_left(const struct token *token)
{
	int64_t left = token->expires_at - clock_wall();

	return token->access != NULL && left > 0 ? left : 0;
}

void
token_free(struct token *token)
{
	secret_free(token->access);
	secret_free(token->refresh);
	free(token->scopes);
	*token = (struct token){0};
}
