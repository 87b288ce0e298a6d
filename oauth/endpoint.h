#ifndef OAUTH_ENDPOINT_H
#define OAUTH_ENDPOINT_H

#include "client.h"
#include "status.h"
#include "token.h"

/*
 * Twitch's OAuth endpoints, below https://id.twitch.tv or $TWITCH_OAUTH_URL.
 * Twitch departs from RFC 6749 and RFC 8628: an error is
 * {"status":400,"message":"…"} without a code, so that the message decides.
 */
struct endpoint {
	struct http *http;
	char why[256]; /* of the last answer that was not ANSWER_OK */
};

enum answer {
	ANSWER_OK,
	ANSWER_REFUSED, /* Twitch says no; `why` is its message */
	ANSWER_FAILED   /* no answer, or none to go by: try again later */
};

/* Returns STATUS_OK, or STATUS_USAGE having logged why. */
enum status endpoint_open(struct endpoint *e, const char *ca_file);
void endpoint_close(struct endpoint *e);

/*
 * The status that an answer comes to, logged when it is a bad one: "Twitch
 * refused WHAT WHOM: why" or "cannot ask Twitch for WHAT WHOM: why".
 */
enum status endpoint_status(const struct endpoint *e, enum answer answer,
    const char *what, const char *whom);

/* Where Twitch asks the person's consent (RFC 6749, 4.1.1); or NULL. */
char *endpoint_consent(const struct client *client, const char *redirect_uri,
    const char *scopes, const char *state);

/* The device flow (RFC 8628): a code for the person and one to poll with. */
struct device {
	char *device_code, *user_code, *verification_uri;
	int expires_in, interval; /* seconds */
};

enum answer endpoint_device(struct endpoint *e, const struct client *client,
    const char *scopes, struct device *device);
void device_free(struct device *device);

/* The grants. With ANSWER_OK the caller owes a token_free. */
enum answer endpoint_poll(struct endpoint *e, const struct client *client,
    const struct device *device, struct token *token);
enum answer endpoint_exchange(struct endpoint *e, const struct client *client,
    const char *code, const char *redirect_uri, struct token *token);
enum answer endpoint_refresh(struct endpoint *e, const struct client *client,
    const char *refresh_token, struct token *token);
enum answer endpoint_application(struct endpoint *e,
    const struct client *client, struct token *token);

/* Whose token it is. login and user_id are NULL for an application's. */
struct identity {
	char *login, *user_id, *client_id, *scopes;
	int64_t expires_at; /* Unix ms; 0: never */
};

enum answer endpoint_validate(struct endpoint *e, const char *access_token,
    struct identity *identity);
void identity_free(struct identity *identity);

enum answer endpoint_revoke(struct endpoint *e, const char *client_id,
    const char *access_token);

#endif
