#include "endpoint.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http.h"
#include "log.h"
#include "secret.h"
#include "text.h"

/* What Twitch's documentation gives where the answer does not say. */
enum { DEVICE_SECONDS = 1800, DEVICE_INTERVAL = 5 };

static const char *
base(void)
{
	const char *url = getenv("TWITCH_OAUTH_URL");

	return url != NULL && *url != '\0' ? url : "https://id.twitch.tv";
}

enum status
endpoint_open(struct endpoint *e, const char *ca_file)
{
	*e->why = '\0';
	e->http = http_open(base(), ca_file);
	if (e->http != NULL)
		return STATUS_OK;
	log_error("cannot use '%s': %s", base(),
	    errno == EINVAL ? "secrets go to https:// only" : strerror(errno));
	return STATUS_USAGE;
}

void
endpoint_close(struct endpoint *e)
{
	http_close(e->http);
	e->http = NULL;
}

enum status
endpoint_status(const struct endpoint *e, enum answer answer, const char *what,
    const char *whom)
{
	bool refused = answer == ANSWER_REFUSED;

	if (answer == ANSWER_OK)
		return STATUS_OK;
	log_error("%s %s %s: %s",
	    refused ? "Twitch refused" : "cannot ask Twitch for", what, whom,
	    e->why);
	return refused ? STATUS_CREDENTIALS : STATUS_FAILED;
}

static enum answer
failed(struct endpoint *e, const char *why)
{
	snprintf(e->why, sizeof(e->why), "%s", why);
	return ANSWER_FAILED;
}

/*
 * What an answer means; the object in it goes to *json, which the caller
 * deletes. Only Twitch's own refusal is one: a proxy's 403 or a 404 without
 * a message says nothing about the token.
 */
static enum answer
judge(struct endpoint *e, const char *path, const struct http_answer *answer,
    cJSON **json)
{
	const char *message;

	log_debug("%s: status %ld", path, answer->status);
	*json = cJSON_ParseWithLength(answer->body, answer->len);
	if (answer->status == 200)
		return ANSWER_OK;
	message = text_member(*json, "message");
	if (message != NULL && answer->status >= 400 && answer->status < 500 &&
	    answer->status != 429) {
		snprintf(e->why, sizeof(e->why), "%s", message);
		return ANSWER_REFUSED;
	}
	snprintf(e->why, sizeof(e->why), "HTTP status %ld%s%s", answer->status,
	    message == NULL ? "" : ", ", message == NULL ? "" : message);
	return ANSWER_FAILED;
}

/* Post the form, which is used up. */
static enum answer
post(struct endpoint *e, const char *path, struct http_form *form, cJSON **json)
{
	struct http_answer answer;
	int n = http_post(e->http, path, form, &answer);

	http_form_free(form);
	*json = NULL;
	if (n == -1)
		return failed(e, http_error(e->http));
	return judge(e, path, &answer, json);
}

static enum answer
grant(struct endpoint *e, struct http_form *form, struct token *token)
{
	cJSON *json;
	enum answer answer = post(e, "/oauth2/token", form, &json);

	if (answer == ANSWER_OK && token_parse(token, json, clock_wall()) == -1)
		answer = failed(e, "the answer holds no token");
	cJSON_Delete(json);
	return answer;
}

char *
endpoint_consent(const struct client *client, const char *redirect_uri,
    const char *scopes, const char *state)
{
	static const char path[] = "/oauth2/authorize?";
	struct http_form query = {0};
	size_t size;
	char *url = NULL;

	http_form_add(&query, "client_id", client->id);
	http_form_add(&query, "redirect_uri", redirect_uri);
	http_form_add(&query, "response_type", "code");
	http_form_add(&query, "scope", scopes);
	http_form_add(&query, "state", state);
	size = strlen(base()) + sizeof(path) + query.len;
	if (!query.failed)
		url = malloc(size);
	if (url != NULL)
		snprintf(url, size, "%s%s%s", base(), path, query.text);
	http_form_free(&query);
	return url;
}

/* A positive number of seconds, or what is usual. */
static int
seconds(const cJSON *json, const char *name, int usual)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

	if (!cJSON_IsNumber(item) || item->valuedouble < 1 ||
	    item->valuedouble > 24 * 3600)
		return usual;
	return item->valueint;
}

enum answer
endpoint_device(struct endpoint *e, const struct client *client,
    const char *scopes, struct device *device)
{
	struct http_form form = {0};
	enum answer answer;
	cJSON *json;

	/* Twitch reads `scopes` where RFC 8628 has `scope`. */
	http_form_add(&form, "client_id", client->id);
	http_form_add(&form, "scopes", scopes);
	answer = post(e, "/oauth2/device", &form, &json);
	/* The person's terminal sees these: words, no control characters. */
	*device = (struct device){
	    .device_code = text_copy(text_word(json, "device_code")),
	    .user_code = text_copy(text_word(json, "user_code")),
	    .verification_uri = text_copy(text_word(json, "verification_uri")),
	    .expires_in = seconds(json, "expires_in", DEVICE_SECONDS),
	    .interval = seconds(json, "interval", DEVICE_INTERVAL),
	};
	cJSON_Delete(json);
	if (answer == ANSWER_OK &&
	    (device->device_code == NULL || device->user_code == NULL ||
		device->verification_uri == NULL))
		answer = failed(e, "the answer holds no code");
	if (answer != ANSWER_OK)
		device_free(device);
	return answer;
}

void
device_free(struct device *device)
{
	free(device->device_code);
	free(device->user_code);
	free(device->verification_uri);
	*device = (struct device){0};
}

enum answer
endpoint_poll(struct endpoint *e, const struct client *client,
    const struct device *device, struct token *token)
{
	struct http_form form = {0};

	http_form_add(&form, "client_id", client->id);
	http_form_add(&form, "device_code", device->device_code);
	http_form_add(&form, "grant_type",
	    "urn:ietf:params:oauth:grant-type:device_code");
	return grant(e, &form, token);
}

enum answer
endpoint_exchange(struct endpoint *e, const struct client *client,
    const char *code, const char *redirect_uri, struct token *token)
{
	struct http_form form = {0};

	http_form_add(&form, "client_id", client->id);
	http_form_add(&form, "client_secret", client->secret);
	http_form_add(&form, "code", code);
	http_form_add(&form, "grant_type", "authorization_code");
	http_form_add(&form, "redirect_uri", redirect_uri);
	return grant(e, &form, token);
}

enum answer
endpoint_refresh(struct endpoint *e, const struct client *client,
    const char *refresh_token, struct token *token)
{
	struct http_form form = {0};

	http_form_add(&form, "client_id", client->id);
	http_form_add(&form, "client_secret", client->secret);
	http_form_add(&form, "grant_type", "refresh_token");
	http_form_add(&form, "refresh_token", refresh_token);
	return grant(e, &form, token);
}

enum answer
endpoint_application(struct endpoint *e, const struct client *client,
    struct token *token)
{
	struct http_form form = {0};

	http_form_add(&form, "client_id", client->id);
	http_form_add(&form, "client_secret", client->secret);
	http_form_add(&form, "grant_type", "client_credentials");
	return grant(e, &form, token);
}

/*
 * Get /oauth2/validate with the token. Twitch says OAuth where RFC 6750 says
 * Bearer; it takes both.
 */
static enum answer
ask_whose(struct endpoint *e, const char *access_token, cJSON **json)
{
	static const char path[] = "/oauth2/validate";
	static const char name[] = "Authorization: OAuth ";
	size_t size = sizeof(name) + strlen(access_token);
	char *header = malloc(size);
	struct http_answer answer;
	int n;

	*json = NULL;
	if (header == NULL)
		return failed(e, "out of memory");
	snprintf(header, size, "%s%s", name, access_token);
	n = http_get(e->http, path, NULL, (const char *[]){header, NULL},
	    &answer);
	secret_free(header);
	if (n == -1)
		return failed(e, http_error(e->http));
	return judge(e, path, &answer, json);
}

enum answer
endpoint_validate(struct endpoint *e, const char *access_token,
    struct identity *identity)
{
	enum answer answer;
	cJSON *json;

	answer = ask_whose(e, access_token, &json);
	*identity = (struct identity){
	    .login = text_copy(text_word(json, "login")),
	    .user_id = text_copy(text_word(json, "user_id")),
	    .client_id = text_copy(text_word(json, "client_id")),
	    .scopes = token_scopes(json),
	    .expires_at = clock_wall() + token_expires_in(json),
	};
	cJSON_Delete(json);
	if (answer == ANSWER_OK && identity->client_id == NULL)
		answer = failed(e, "the answer names no client");
	if (answer != ANSWER_OK)
		identity_free(identity);
	return answer;
}

void
identity_free(struct identity *identity)
{
	free(identity->login);
	free(identity->user_id);
	free(identity->client_id);
	free(identity->scopes);
	*identity = (struct identity){0};
}

enum answer
endpoint_revoke(struct endpoint *e, const char *client_id,
    const char *access_token)
{
	struct http_form form = {0};
	enum answer answer;
	cJSON *json;

	http_form_add(&form, "client_id", client_id);
	http_form_add(&form, "token", access_token);
	answer = post(e, "/oauth2/revoke", &form, &json);
	cJSON_Delete(json);
	return answer;
}
