#include "renew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client.h"
#include "clock.h"
#include "endpoint.h"
#include "log.h"
#include "text.h"

/* How messages name it. */
static const char *
title(const struct account *account)
{
	return *account->name == '\0' ? "the application" : account->name;
}

static bool
is_application(const struct account *account)
{
	return *account->name == '\0';
}

static bool
is_fresh(const struct account *account, bool refused)
{
	int64_t age = clock_wall() - account->token.obtained_at;

	if (refused && (age < 0 || age > RENEW_RECENT_MS))
		return false;
	return token_left(&account->token) >= RENEW_LEFT_MS;
}

/* A clock that was set back must not put it off for ever. */
static bool
is_validation_due(const struct account *account)
{
	int64_t in = account->validate_at - clock_wall();

	return !is_application(account) && (in <= 0 || in > RENEW_VALIDATE_MS);
}

static void
set(char **field, const char *value)
{
	char *new = text_copy(value);

	free(*field);
	*field = new;
}

/* What Twitch refuses to renew, a person must mend. */
static enum status
refused_by_twitch(const struct account *account, const char *why)
{
	bool token = strcasestr(why, "refresh token") != NULL;

	log_error("Twitch refused a new token for %s: %s; run: twitch-oauth %s",
	    title(account), why, token ? "login" : "client");
	return STATUS_CREDENTIALS;
}

static enum status
not_asked(const struct account *account, const char *why, bool refused)
{
	if (!refused && token_left(&account->token) >= RENEW_USABLE_MS) {
		log_warn("cannot ask Twitch for a new token for %s: %s; "
			 "the old one lives for another %d s",
		    title(account), why,
		    (int)(token_left(&account->token) / 1000));
		return STATUS_OK;
	}
	log_error("cannot ask Twitch for a new token for %s: %s",
	    title(account), why);
	return STATUS_FAILED;
}

static enum answer
grant(const struct account *account, struct endpoint *e,
    const struct client *client, struct token *token)
{
	if (is_application(account))
		return endpoint_application(e, client, token);
	return endpoint_refresh(e, client, account->token.refresh, token);
}

/*
 * Get a new token, with the lock held. The room for it comes first: once
 * Twitch has answered, the refresh token on disk may be good no more.
 */
static enum status
refresh(struct account *account, bool refused, const char *ca_file)
{
	struct client client = {0};
	struct endpoint e = {0};
	struct replacement room;
	struct token token;
	enum status status = client_load(&client, account->client_id);

	if (status == STATUS_OK)
		status = endpoint_open(&e, ca_file);
	if (status == STATUS_OK)
		status = account_prepare(account->name, &room);
	if (status != STATUS_OK)
		goto done;
	switch (grant(account, &e, &client, &token)) {
	case ANSWER_OK:
		token_update(&account->token, &token);
		set(&account->client_id, client.id);
		account->validate_at = clock_wall() + RENEW_VALIDATE_MS;
		status = account_commit(account, &room);
		break;
	case ANSWER_REFUSED:
		atomic_abandon(&room);
		status = refused_by_twitch(account, e.why);
		break;
	case ANSWER_FAILED:
		atomic_abandon(&room);
		status = not_asked(account, e.why, refused);
		break;
	}
done:
	endpoint_close(&e);
	client_free(&client);
	return status;
}

/* Another client's token for the application is none. */
static enum status
load(struct account *account, const char *name)
{
	struct client client;
	enum status status = account_load(account, name);

	if (status != STATUS_OK || !is_application(account))
		return status;
	status = client_load(&client, NULL);
	if (status != STATUS_OK)
		return status;
	if (account->client_id == NULL ||
	    strcmp(account->client_id, client.id) != 0) {
		token_free(&account->token);
		set(&account->client_id, client.id);
	}
	client_free(&client);
	return STATUS_OK;
}

/* Take the lock and read the account as it is now. */
static enum status
lock(struct account *account, const char *name, int *held)
{
	enum status status = account_lock(name, held);

	account_free(account);
	if (status != STATUS_OK)
		return status;
	status = load(account, name);
	if (status != STATUS_OK)
		account_unlock(*held);
	return status;
}

/* Ask whose the token is, and note what Twitch says. */
static enum answer
identify(struct account *account, struct endpoint *e)
{
	struct identity identity;
	enum answer answer =
	    endpoint_validate(e, account->token.access, &identity);

	if (answer != ANSWER_OK)
		return answer;
	set(&account->login, identity.login);
	set(&account->user_id, identity.user_id);
	set(&account->client_id, identity.client_id);
	if (identity.scopes != NULL)
		set(&account->token.scopes, identity.scopes);
	account->token.expires_at = identity.expires_at;
	account->validate_at = clock_wall() + RENEW_VALIDATE_MS;
	identity_free(&identity);
	return ANSWER_OK;
}

/*
 * With the lock held: for a caller whom a token will do that was good when
 * Twitch was last asked. What cannot be noted will be asked again.
 */
static enum status
validate_if_possible(struct account *account, const char *ca_file)
{
	struct endpoint e;
	enum status status = endpoint_open(&e, ca_file);

	if (status != STATUS_OK)
		return status;
	switch (identify(account, &e)) {
	case ANSWER_OK:
		account_save(account);
		break;
	case ANSWER_REFUSED:
		status = refresh(account, true, ca_file);
		break;
	case ANSWER_FAILED:
		log_warn("cannot ask Twitch whether the token of %s is still "
			 "good: %s",
		    account->name, e.why);
		account->validate_at = clock_wall() + RENEW_VALIDATE_AGAIN_MS;
		account_save(account);
		break;
	}
	endpoint_close(&e);
	return status;
}

enum status
renew(struct account *account, const char *name, bool refused,
    const char *ca_file)
{
	enum status status = load(account, name);
	int held;

	if (status != STATUS_OK ||
	    (is_fresh(account, refused) && !is_validation_due(account)))
		return status;
	status = lock(account, name, &held);
	if (status != STATUS_OK)
		return status;
	if (!is_fresh(account, refused))
		status = refresh(account, refused, ca_file);
	else if (is_validation_due(account))
		status = validate_if_possible(account, ca_file);
	account_unlock(held);
	return status;
}

enum status
renew_validate(struct account *account, const char *name, const char *ca_file)
{
	struct endpoint e;
	enum answer answer;
	enum status status;
	int held;

	*account = (struct account){0};
	status = lock(account, name, &held);
	if (status != STATUS_OK)
		return status;
	status = endpoint_open(&e, ca_file);
	if (status != STATUS_OK)
		goto done;
	answer = identify(account, &e);
	if (answer == ANSWER_REFUSED) {
		status = refresh(account, true, ca_file);
		if (status != STATUS_OK)
			goto done;
		answer = identify(account, &e);
	}
	status = endpoint_status(&e, answer, "the token of", name);
	if (status == STATUS_OK)
		status = account_save(account);
done:
	endpoint_close(&e);
	account_unlock(held);
	return status;
}

/* A token that Twitch does not know any more needs no taking back. */
static enum status
take_back(const struct account *account, const char *ca_file)
{
	struct endpoint e;
	enum status status = endpoint_open(&e, ca_file);
	enum answer answer;

	if (status != STATUS_OK)
		return status;
	answer = endpoint_revoke(&e, account->client_id, account->token.access);
	if (answer == ANSWER_REFUSED && strcasestr(e.why, "token") != NULL)
		answer = ANSWER_OK;
	status = endpoint_status(&e, answer, "the end of the token of",
	    account->name);
	endpoint_close(&e);
	return status;
}

enum status
renew_revoke(struct account *account, const char *name, const char *ca_file)
{
	enum status status;
	int held;

	*account = (struct account){0};
	status = lock(account, name, &held);
	if (status != STATUS_OK)
		return status;
	/* With an access token that is over, only a new one can be revoked,
	   and it takes the refresh token with it. */
	if (token_left(&account->token) == 0)
		status = refresh(account, true, ca_file);
	if (status == STATUS_OK || status == STATUS_CREDENTIALS)
		status = take_back(account, ca_file);
	if (status == STATUS_OK)
		status = account_remove(name);
	account_unlock(held);
	return status;
}

/* The name to keep it under, when the person gave none. */
static enum status
name_by_login(struct account *account)
{
	if (account->login != NULL &&
	    account_name(account->login, account->name) == 0)
		return STATUS_OK;
	log_error("Twitch names no login for this token");
	return STATUS_FAILED;
}

enum status
renew_adopt(struct account *account, const char *name, const char *client_id,
    struct token *token, const char *ca_file)
{
	struct endpoint e;
	enum status status = endpoint_open(&e, ca_file);
	int held;

	*account = (struct account){.token = *token};
	set(&account->client_id, client_id);
	if (status == STATUS_OK)
		status = endpoint_status(&e, identify(account, &e),
		    "the owner of", "the token");
	endpoint_close(&e);
	if (status != STATUS_OK)
		return status;
	if (name != NULL)
		snprintf(account->name, sizeof(account->name), "%s", name);
	else
		status = name_by_login(account);
	if (status == STATUS_OK)
		status = account_lock(account->name, &held);
	if (status != STATUS_OK)
		return status;
	status = account_save(account);
	account_unlock(held);
	return status;
}
