#ifndef OAUTH_RENEW_H
#define OAUTH_RENEW_H

#include <stdbool.h>

#include "account.h"
#include "status.h"

/*
 * Keeping an account's token alive. Any number of programs may ask at once:
 * one refreshes, under the account's lock, and the others read its result. A
 * refresh token may be good for one use only, so that the one which comes
 * with the answer is on disk before the access token is given to anybody.
 *
 * Each function fills *account, which the caller frees whatever is returned:
 * STATUS_OK; STATUS_FAILED when Twitch could not be asked;
 * STATUS_CREDENTIALS when it refused; STATUS_USAGE when there is no such
 * account or no client. All but STATUS_OK were logged.
 */
enum {
	RENEW_LEFT_MS = 10 * 60 * 1000, /* a token this old is renewed */
	RENEW_USABLE_MS = 60 * 1000,    /* may be used when that fails */
	RENEW_RECENT_MS = 30 * 1000, /* this young, it is not renewed again */
	/* Twitch wants tokens validated hourly; ws-reader asks every 15 min. */
	RENEW_VALIDATE_MS = 45 * 60 * 1000,
	RENEW_VALIDATE_AGAIN_MS = 60 * 1000 /* when Twitch did not answer */
};

/*
 * The account with a token that lives for RENEW_LEFT_MS. Without network as
 * long as the one on disk does, and for as long as it need not be validated,
 * unless `refused` says that it was of no use. The name "" gets the
 * application's own token, which nobody need validate.
 */
enum status renew(struct account *account, const char *name, bool refused,
    const char *ca_file);

/*
 * Ask Twitch whether the token is good and whose it is, and note the answer.
 * A token that is not is renewed.
 */
enum status renew_validate(struct account *account, const char *name,
    const char *ca_file);

/* Take the tokens back at Twitch, and forget the account. */
enum status renew_revoke(struct account *account, const char *name,
    const char *ca_file);

/*
 * Keep a token that a login gave as the account of this name, or, when it is
 * NULL, of the person's login, which is asked for. The token is taken over.
 */
enum status renew_adopt(struct account *account, const char *name,
    const char *client_id, struct token *token, const char *ca_file);

#endif
