#include "oauth.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "consent.h"
#include "grant.h"
#include "log.h"
#include "status.h"
#include "web.h"

enum { APPLICATION_SECONDS = 5000000 };

void
oauth_open(struct oauth *oauth)
{
	memset(oauth, 0, sizeof(*oauth));
	oauth->lifetime = 4 * 3600;
	oauth->interval = 5;
	oauth->device_lifetime = 1800;
	snprintf(oauth->person, sizeof(oauth->person), "viewer");
}

bool
oauth_add_client(struct oauth *oauth, char *text)
{
	char *secret = strchr(text, '=');

	if (oauth->client_count == OAUTH_CLIENTS)
		return false;
	if (secret != NULL)
		*secret++ = '\0';
	oauth->clients[oauth->client_count++] =
	    (struct oauth_client){.id = text, .secret = secret};
	return true;
}

/* len random letters and digits. */
void
oauth_random(char *text, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	unsigned char random[OAUTH_TOKEN_LEN];

	if (getrandom(random, len, 0) != (ssize_t)len)
		die(STATUS_FAILED, "no randomness");
	for (size_t i = 0; i < len; i++)
		text[i] = letters[random[i] % 32];
	text[len] = '\0';
}

void
oauth_keep(char *field, size_t size, const char *value)
{
	snprintf(field, size, "%s", value == NULL ? "" : value);
}

/* Twitch's errors have a message and no code. */
void
oauth_refuse(struct oauth *oauth, struct web_request *r, unsigned status,
    const char *message)
{
	cJSON *json = cJSON_CreateObject();

	oauth->counts.refusals++;
	cJSON_AddNumberToObject(json, "status", status);
	cJSON_AddStringToObject(json, "message", message);
	web_json(r, status, json);
}

const struct oauth_client *
oauth_client_named(const struct oauth *oauth, const char *id)
{
	for (unsigned i = 0; id != NULL && i < oauth->client_count; i++)
		if (strcmp(oauth->clients[i].id, id) == 0)
			return &oauth->clients[i];
	return NULL;
}

static bool
is_over(const struct oauth_grant *grant)
{
	return *grant->access == '\0' || grant->expires_at <= clock_mono();
}

const struct oauth_grant *
oauth_find(const struct oauth *oauth, const char *access)
{
	for (unsigned i = 0; access != NULL && i < OAUTH_GRANTS; i++)
		if (strcmp(oauth->grants[i].access, access) == 0 &&
		    !is_over(&oauth->grants[i]))
			return &oauth->grants[i];
	return NULL;
}

/* A new token; login and scopes are empty for the application's own. */
struct oauth_grant *
oauth_issue(struct oauth *oauth, const struct oauth_client *client,
    const char *login, const char *scopes)
{
	struct oauth_grant *grant =
	    &oauth->grants[oauth->next_grant++ % OAUTH_GRANTS];
	int64_t seconds =
	    *login == '\0' ? APPLICATION_SECONDS : oauth->lifetime;

	memset(grant, 0, sizeof(*grant));
	oauth_random(grant->access, OAUTH_TOKEN_LEN);
	if (*login != '\0')
		oauth_random(grant->refresh, OAUTH_TOKEN_LEN);
	grant->client = client;
	oauth_keep(grant->login, sizeof(grant->login), login);
	oauth_keep(grant->scopes, sizeof(grant->scopes), scopes);
	grant->expires_at = clock_mono() + seconds * 1000;
	return grant;
}

/* Add the scopes as Twitch does: as an array, or not at all. */
void
oauth_add_scopes(cJSON *json, const char *name, const char *scopes)
{
	char list[256], *rest = list, *scope;
	cJSON *array;

	if (*scopes == '\0')
		return;
	array = cJSON_AddArrayToObject(json, name);
	oauth_keep(list, sizeof(list), scopes);
	while ((scope = strsep(&rest, " ")) != NULL)
		cJSON_AddItemToArray(array, cJSON_CreateString(scope));
}

/* GET /oauth2/validate. */
static void
on_validate(struct oauth *oauth, struct web_request *r)
{
	const char *header = web_header(r, "Authorization");
	const struct oauth_grant *grant;
	cJSON *json;

	oauth->counts.validations++;
	if (header == NULL ||
	    (strncmp(header, "OAuth ", 6) != 0 &&
		strncmp(header, "Bearer ", 7) != 0)) {
		oauth_refuse(oauth, r, 401, "missing authorization token");
		return;
	}
	grant = oauth_find(oauth, strchr(header, ' ') + 1);
	if (grant == NULL) {
		oauth_refuse(oauth, r, 401, "invalid access token");
		return;
	}
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "client_id", grant->client->id);
	if (*grant->login != '\0') {
		cJSON_AddStringToObject(json, "login", grant->login);
		cJSON_AddStringToObject(json, "user_id", "1234567");
	}
	if (*grant->scopes == '\0')
		cJSON_AddNullToObject(json, "scopes");
	else
		oauth_add_scopes(json, "scopes", grant->scopes);
	cJSON_AddNumberToObject(json, "expires_in",
	    (double)((grant->expires_at - clock_mono()) / 1000));
	web_json(r, 200, json);
}

/* POST /oauth2/revoke. */
static void
on_revoke(struct oauth *oauth, struct web_request *r)
{
	const char *token = web_param(r, "token", 0);

	oauth->counts.revocations++;
	if (oauth_client_named(oauth, web_param(r, "client_id", 0)) == NULL) {
		oauth_refuse(oauth, r, 400, "Invalid client_id");
		return;
	}
	if (token == NULL) {
		oauth_refuse(oauth, r, 400, "missing oauth token");
		return;
	}
	for (unsigned i = 0; i < OAUTH_GRANTS; i++) {
		if (strcmp(oauth->grants[i].access, token) != 0 ||
		    is_over(&oauth->grants[i]))
			continue;
		memset(&oauth->grants[i], 0, sizeof(oauth->grants[i]));
		web_text(r, 200, "");
		return;
	}
	oauth_refuse(oauth, r, 400, "Invalid token");
}

/* /sim/person?login=L&denies=0|1: who consents from now on, or does not. */
static void
on_person(struct oauth *oauth, struct web_request *r)
{
	const char *login = web_param(r, "login", 0);
	const char *denies = web_param(r, "denies", 0);

	if (login != NULL)
		oauth_keep(oauth->person, sizeof(oauth->person), login);
	oauth->denies = denies != NULL && strcmp(denies, "1") == 0;
	web_text(r, 200, "");
}

/* /sim/expire: every access token is over. */
static void
on_expire(struct oauth *oauth, struct web_request *r)
{
	for (unsigned i = 0; i < OAUTH_GRANTS; i++)
		oauth->grants[i].expires_at = 0;
	web_text(r, 200, "");
}

/*
 * /sim/forget?login=L: no token of L, or of anybody, is known any more, as
 * when a password is changed.
 */
static void
on_forget(struct oauth *oauth, struct web_request *r)
{
	const char *login = web_param(r, "login", 0);

	for (unsigned i = 0; i < OAUTH_GRANTS; i++)
		if (login == NULL || strcmp(oauth->grants[i].login, login) == 0)
			memset(&oauth->grants[i], 0, sizeof(oauth->grants[i]));
	web_text(r, 200, "");
}

bool
oauth_handle(struct oauth *oauth, struct web_request *r)
{
	static const struct {
		const char *path;
		bool is_post;
		void (*answer)(struct oauth *oauth, struct web_request *r);
	} pages[] = {
	    {"/oauth2/authorize", false, oauth_on_authorize},
	    {"/oauth2/device", true, oauth_on_device},
	    {"/activate", false, oauth_on_activate},
	    {"/oauth2/token", true, oauth_on_token},
	    {"/oauth2/validate", false, on_validate},
	    {"/oauth2/revoke", true, on_revoke},
	    {"/sim/person", false, on_person},
	    {"/sim/expire", false, on_expire},
	    {"/sim/forget", false, on_forget},
	};

	for (unsigned i = 0; i < r->count; i++)
		if (r->params[i].in_url &&
		    (strcmp(r->params[i].name, "client_secret") == 0 ||
			strstr(r->params[i].name, "token") != NULL))
			oauth->counts.secrets_in_url++;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (strcmp(pages[i].path, r->path) == 0 &&
		    pages[i].is_post == r->is_post) {
			pages[i].answer(oauth, r);
			return true;
		}
	return false;
}

bool
oauth_set(struct oauth *oauth, const char *name, int64_t value)
{
	const struct {
		const char *name;
		int64_t *value;
	} all[] = {
	    {"lifetime", &oauth->lifetime},
	    {"interval", &oauth->interval},
	    {"device_lifetime", &oauth->device_lifetime},
	    {"rotate", &oauth->rotate},
	    {"omit_refresh", &oauth->omit_refresh},
	    {"consent_page", &oauth->consent_page},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i].name, name) == 0) {
			*all[i].value = value;
			return true;
		}
	return false;
}

void
oauth_count(const struct oauth *oauth, cJSON *json)
{
	const struct {
		const char *name;
		int64_t value;
	} all[] = {
	    {"devices", oauth->counts.devices},
	    {"polls", oauth->counts.polls},
	    {"early_polls", oauth->counts.early_polls},
	    {"exchanges", oauth->counts.exchanges},
	    {"refreshes", oauth->counts.refreshes},
	    {"applications", oauth->counts.applications},
	    {"validations", oauth->counts.validations},
	    {"revocations", oauth->counts.revocations},
	    {"refusals", oauth->counts.refusals},
	    {"secrets_in_url", oauth->counts.secrets_in_url},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		cJSON_AddNumberToObject(json, all[i].name,
		    (double)all[i].value);
}
