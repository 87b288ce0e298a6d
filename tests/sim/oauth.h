#ifndef SIM_OAUTH_H
#define SIM_OAUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel.h"

struct cJSON;
struct web_request;

/*
 * The simulator's id.twitch.tv: consent, codes, devices, tokens, with the
 * answers and refusals that Twitch is known to give. The person who consents
 * is whoever /sim/person names. Tokens are forgotten when it ends.
 */
enum {
	OAUTH_CLIENTS = 8,
	OAUTH_GRANTS = 1024,
	OAUTH_ASKED = 64, /* codes and devices, each */
	OAUTH_TOKEN_LEN = 30
};

struct oauth_client {
	const char *id, *secret; /* no secret: a public client */
};

/* An access token, with the refresh token that it came with. */
struct oauth_grant {
	char access[OAUTH_TOKEN_LEN + 1], refresh[OAUTH_TOKEN_LEN + 1];
	const struct oauth_client *client;
	char login[CHANNEL_MAX + 1]; /* empty: the application's own */
	char scopes[256];
	int64_t expires_at; /* on clock_mono() */
};

/* Somebody was asked to consent, by a code or by a device. */
struct oauth_asked {
	char code[OAUTH_TOKEN_LEN + 1], user_code[9];
	const struct oauth_client *client;
	char redirect_uri[256], scopes[256], login[CHANNEL_MAX + 1];
	enum { ASKED_PENDING, ASKED_GRANTED, ASKED_OVER } state;
	int64_t expires_at, next_poll;
};

struct oauth {
	struct oauth_client clients[OAUTH_CLIENTS];
	unsigned client_count;
	struct oauth_grant grants[OAUTH_GRANTS];
	struct oauth_asked codes[OAUTH_ASKED], devices[OAUTH_ASKED];
	unsigned next_grant, next_code, next_device;

	char person[CHANNEL_MAX + 1];
	bool denies;
	/* What /sim/set sets: seconds, and 0 or 1. */
	int64_t lifetime, interval, device_lifetime, rotate, omit_refresh,
	    consent_page;
	struct {
		int64_t devices, polls, early_polls, exchanges, refreshes,
		    applications, validations, revocations, refusals,
		    secrets_in_url;
	} counts;
};

/* Begin, without clients. */
void oauth_open(struct oauth *oauth);

/* Add a client, ID or ID=SECRET, which is kept. False when there is no room. */
bool oauth_add_client(struct oauth *oauth, char *text);

/* Answer a request. False when the path is none of ours. */
bool oauth_handle(struct oauth *oauth, struct web_request *r);

/* Set one of what /sim/set sets. False if the name is unknown. */
bool oauth_set(struct oauth *oauth, const char *name, int64_t value);

/* Add the counts to an object. */
void oauth_count(const struct oauth *oauth, struct cJSON *json);

/* The grant of an access token that is good now, or NULL. */
const struct oauth_grant *oauth_find(const struct oauth *oauth,
    const char *access);

/* For the endpoints, which are in several files: refuse, in Twitch's words, */
void oauth_refuse(struct oauth *oauth, struct web_request *r, unsigned status,
    const char *message);

/* the client of this id, or NULL, */
const struct oauth_client *oauth_client_named(const struct oauth *oauth,
    const char *id);

/* a new token, the application's own if login is empty, */
struct oauth_grant *oauth_issue(struct oauth *oauth,
    const struct oauth_client *client, const char *login, const char *scopes);

/* scopes added as Twitch does: as an array, or not at all, */
void oauth_add_scopes(struct cJSON *json, const char *name, const char *scopes);

/* len random letters and digits, and a text, or none, cut to a field's size. */
void oauth_random(char *text, size_t len);
void oauth_keep(char *field, size_t size, const char *value);

#endif
