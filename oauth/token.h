#ifndef OAUTH_TOKEN_H
#define OAUTH_TOKEN_H

#include <stdint.h>

struct cJSON;

/* An access token and what came with it. All strings are its own. */
struct token {
	char *access;  /* NULL: there is none */
	char *refresh; /* NULL: it cannot be refreshed */
	char *scopes;  /* separated by spaces; NULL: not said */
	int64_t obtained_at, expires_at; /* Unix ms */
};

/*
 * Read a token from any of these objects: the answer of Twitch's token
 * endpoint, and so the file of those who store it as it came (access_token,
 * refresh_token, expires_in, scope, which may be an array, a string or
 * missing); the camelCase file of others (accessToken, refreshToken,
 * expiresAt in ms); our own. obtained_at is what expires_in counts from.
 * Returns 0, and the caller owes a token_free; or -1 when there is no usable
 * token in it.
 */
int token_parse(struct token *token, const struct cJSON *json,
    int64_t obtained_at);

/*
 * Parts of the same: the scopes, the caller frees, or NULL; expires_in, in ms;
 * the time of this name, in Unix ms, 0 when there is none.
 */
char *token_scopes(const struct cJSON *json);
int64_t token_expires_in(const struct cJSON *json);
int64_t token_time(const struct cJSON *json, const char *name);

/*
 * Replace what `fresh` knows better, taking it over: a refresh token or the
 * scopes that it lacks are kept.
 */
void token_update(struct token *token, struct token *fresh);

/* Milliseconds that the token has to live, 0 when it is over. */
int64_t token_left(const struct token *token);

/* Wipe and free the strings. */
void token_free(struct token *token);

#endif
