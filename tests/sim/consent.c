#include "consent.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "oauth.h"
#include "web.h"

enum { CODE_MS = 60 * 1000 };

/* The page is asked for again with what the person has decided. */
static const char page[] =
    "<!doctype html>\n<html lang=en><title>Twitch</title>\n"
    "<p>Somebody wants to read chat in your name.\n"
    "<p><button id=authorize onclick=\"location.search += '&decision=grant'\">"
    "Authorize</button>\n"
    "<button id=cancel onclick=\"location.search += '&decision=deny'\">"
    "Cancel</button>\n";

/*
 * GET /oauth2/authorize: the person sees the page and decides; without
 * consent_page at once, as /sim/person says.
 */
void
oauth_on_authorize(struct oauth *oauth, struct web_request *r)
{
	const char *uri = web_param(r, "redirect_uri", 0);
	const char *state = web_param(r, "state", 0);
	const char *decision = web_param(r, "decision", 0);
	bool denies =
	    decision == NULL ? oauth->denies : strcmp(decision, "deny") == 0;
	struct oauth_asked *code =
	    &oauth->codes[oauth->next_code++ % OAUTH_ASKED];
	char to[WEB_VALUE_MAX];

	memset(code, 0, sizeof(*code));
	code->client = oauth_client_named(oauth, web_param(r, "client_id", 0));
	if (code->client == NULL || uri == NULL ||
	    web_param(r, "response_type", 0) == NULL) {
		oauth_refuse(oauth, r, 400, "invalid client");
		return;
	}
	if (oauth->consent_page && decision == NULL) {
		web_text(r, 200, page);
		web_add(r, "Content-Type", "text/html");
		return;
	}
	oauth_random(code->code, OAUTH_TOKEN_LEN);
	oauth_keep(code->redirect_uri, sizeof(code->redirect_uri), uri);
	oauth_keep(code->scopes, sizeof(code->scopes),
	    web_param(r, "scope", 0));
	oauth_keep(code->login, sizeof(code->login), oauth->person);
	code->expires_at = clock_mono() + CODE_MS;
	if (denies)
		snprintf(to, sizeof(to),
		    "%s?error=access_denied&error_description="
		    "The+user+denied+you+access&state=%s",
		    uri, state == NULL ? "" : state);
	else
		snprintf(to, sizeof(to), "%s?code=%s&scope=&state=%s", uri,
		    code->code, state == NULL ? "" : state);
	web_redirect(r, to);
}

/* POST /oauth2/device. */
void
oauth_on_device(struct oauth *oauth, struct web_request *r)
{
	struct oauth_asked *device =
	    &oauth->devices[oauth->next_device++ % OAUTH_ASKED];
	char uri[256];
	cJSON *json;

	oauth->counts.devices++;
	memset(device, 0, sizeof(*device));
	device->client =
	    oauth_client_named(oauth, web_param(r, "client_id", 0));
	if (device->client == NULL) {
		oauth_refuse(oauth, r, 400, "invalid client");
		return;
	}
	oauth_random(device->code, OAUTH_TOKEN_LEN);
	oauth_random(device->user_code, sizeof(device->user_code) - 1);
	oauth_keep(device->scopes, sizeof(device->scopes),
	    web_param(r, "scopes", 0));
	device->expires_at = clock_mono() + oauth->device_lifetime * 1000;
	device->next_poll = clock_mono() + oauth->interval * 1000;
	snprintf(uri, sizeof(uri),
	    "http://%s/activate?public=true&device-code=%s",
	    web_header(r, "Host"), device->user_code);

	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "device_code", device->code);
	cJSON_AddNumberToObject(json, "expires_in",
	    (double)oauth->device_lifetime);
	cJSON_AddNumberToObject(json, "interval", (double)oauth->interval);
	cJSON_AddStringToObject(json, "user_code", device->user_code);
	cJSON_AddStringToObject(json, "verification_uri", uri);
	web_json(r, 200, json);
}

/* GET /activate: the person at the page that the device flow named. */
void
oauth_on_activate(struct oauth *oauth, struct web_request *r)
{
	const char *user_code = web_param(r, "device-code", 0);

	for (unsigned i = 0; user_code != NULL && i < OAUTH_ASKED; i++) {
		struct oauth_asked *device = &oauth->devices[i];

		if (strcmp(device->user_code, user_code) != 0)
			continue;
		device->state = oauth->denies ? ASKED_OVER : ASKED_GRANTED;
		oauth_keep(device->login, sizeof(device->login), oauth->person);
		web_text(r, 200, "thank you");
		return;
	}
	web_text(r, 404, "no such code");
}
