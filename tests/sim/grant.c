#include "grant.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "oauth.h"
#include "web.h"

enum { EARLY_MS = 200 };

/*
 * The client that a request to the token endpoint comes from, its secret
 * checked if it has one; or NULL, and the request is answered.
 */
static const struct oauth_client *
authenticate(struct oauth *oauth, struct web_request *r)
{
	const struct oauth_client *client =
	    oauth_client_named(oauth, web_param(r, "client_id", 0));
	const char *secret = web_param(r, "client_secret", 0);

	if (client == NULL)
		oauth_refuse(oauth, r, 400, "invalid client");
	else if (client->secret != NULL && secret == NULL)
		oauth_refuse(oauth, r, 400, "missing client secret");
	else if (client->secret != NULL && strcmp(client->secret, secret) != 0)
		oauth_refuse(oauth, r, 403, "invalid client secret");
	else
		return client;
	return NULL;
}

static void
hand_out(struct web_request *r, const struct oauth_grant *grant,
    bool with_refresh)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "access_token", grant->access);
	cJSON_AddNumberToObject(json, "expires_in",
	    (double)((grant->expires_at - clock_mono() + 999) / 1000));
	if (with_refresh && *grant->refresh != '\0')
		cJSON_AddStringToObject(json, "refresh_token", grant->refresh);
	oauth_add_scopes(json, "scope", grant->scopes);
	cJSON_AddStringToObject(json, "token_type", "bearer");
	web_json(r, 200, json);
}

static struct oauth_asked *
asked(struct oauth_asked *list, const char *code)
{
	for (unsigned i = 0; code != NULL && i < OAUTH_ASKED; i++)
		if (*list[i].code != '\0' && strcmp(list[i].code, code) == 0)
			return &list[i];
	return NULL;
}

static void
grant_by_device(struct oauth *oauth, struct web_request *r)
{
	struct oauth_asked *device =
	    asked(oauth->devices, web_param(r, "device_code", 0));
	int64_t now = clock_mono();

	oauth->counts.polls++;
	if (device == NULL || device->state == ASKED_OVER ||
	    device->expires_at <= now ||
	    oauth_client_named(oauth, web_param(r, "client_id", 0)) !=
		device->client) {
		oauth_refuse(oauth, r, 400, "invalid device code");
		return;
	}
	if (now < device->next_poll - EARLY_MS)
		oauth->counts.early_polls++;
	device->next_poll = now + oauth->interval * 1000;
	if (device->state == ASKED_PENDING) {
		oauth_refuse(oauth, r, 400, "authorization_pending");
		return;
	}
	device->state = ASKED_OVER;
	hand_out(r,
	    oauth_issue(oauth, device->client, device->login, device->scopes),
	    true);
}

static void
grant_by_code(struct oauth *oauth, struct web_request *r)
{
	struct oauth_asked *code = asked(oauth->codes, web_param(r, "code", 0));
	const struct oauth_client *client = authenticate(oauth, r);
	const char *uri = web_param(r, "redirect_uri", 0);

	oauth->counts.exchanges++;
	if (client == NULL)
		return;
	if (client->secret == NULL) {
		oauth_refuse(oauth, r, 400, "invalid client");
	} else if (code == NULL || code->state == ASKED_OVER ||
	    code->client != client || code->expires_at <= clock_mono()) {
		oauth_refuse(oauth, r, 400, "Invalid authorization code");
	} else if (uri == NULL || strcmp(uri, code->redirect_uri) != 0) {
		oauth_refuse(oauth, r, 400,
		    "Parameter redirect_uri does not match registeredURI");
	} else {
		code->state = ASKED_OVER;
		hand_out(r,
		    oauth_issue(oauth, client, code->login, code->scopes),
		    true);
	}
}

/*
 * A public client's refresh token is good for one use; a confidential one's
 * stays, unless /sim/set?rotate=1.
 */
static void
grant_by_refresh(struct oauth *oauth, struct web_request *r)
{
	const char *refresh = web_param(r, "refresh_token", 0);
	const struct oauth_client *client = authenticate(oauth, r);
	struct oauth_grant *old = NULL, *new;

	if (client == NULL)
		return;
	if (refresh == NULL || *refresh == '\0') {
		oauth_refuse(oauth, r, 400, "missing refresh token");
		return;
	}
	for (unsigned i = 0; i < OAUTH_GRANTS; i++)
		if (strcmp(oauth->grants[i].refresh, refresh) == 0)
			old = &oauth->grants[i];
	if (old == NULL || old->client != client) {
		oauth_refuse(oauth, r, 400, "Invalid refresh token");
		return;
	}
	oauth->counts.refreshes++;
	new = oauth_issue(oauth, client, old->login, old->scopes);
	if (client->secret != NULL && !oauth->rotate)
		oauth_keep(new->refresh, sizeof(new->refresh), refresh);
	*old->refresh = '\0';
	hand_out(r, new, !oauth->omit_refresh);
}

static void
grant_to_application(struct oauth *oauth, struct web_request *r)
{
	const struct oauth_client *client = authenticate(oauth, r);

	if (client == NULL)
		return;
	if (client->secret == NULL) {
		oauth_refuse(oauth, r, 400, "missing client secret");
		return;
	}
	oauth->counts.applications++;
	hand_out(r, oauth_issue(oauth, client, "", ""), false);
}

/* POST /oauth2/token. */
void
oauth_on_token(struct oauth *oauth, struct web_request *r)
{
	static const struct {
		const char *type;
		void (*grant)(struct oauth *oauth, struct web_request *r);
	} grants[] = {
	    {"authorization_code", grant_by_code},
	    {"client_credentials", grant_to_application},
	    {"refresh_token", grant_by_refresh},
	    {"urn:ietf:params:oauth:grant-type:device_code", grant_by_device},
	};
	const char *type = web_param(r, "grant_type", 0);

	for (size_t i = 0; i < sizeof(grants) / sizeof(*grants); i++)
		if (type != NULL && strcmp(grants[i].type, type) == 0) {
			grants[i].grant(oauth, r);
			return;
		}
	oauth_refuse(oauth, r, 400, "invalid grant type");
}
