#ifndef OAUTH_ACCOUNT_H
#define OAUTH_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "channel.h"
#include "status.h"
#include "token.h"

/*
 * An account is a file, accounts/NAME.json in the state directory, that
 * holds its tokens: mode 0600, refused when others may read it, replaced
 * whole and durably. The application's own token (of Helix, without a user)
 * is kept the same way, under the name "".
 *
 * The functions that return a status log what is wrong before they return
 * another than STATUS_OK, which is then the program's to exit with.
 */
struct account {
	char name[CHANNEL_MAX + 1];
	char *login, *user_id; /* NULL until Twitch has said */
	char *client_id;       /* whom the tokens were given to, or NULL */
	int64_t validate_at;   /* Unix ms: ask then whether it is good */
	struct token token;
};

/* An account's name as typed, made canonical. Returns 0, or -1. */
int account_name(const char *typed, char name[CHANNEL_MAX + 1]);

/*
 * Read the account. No such account is STATUS_USAGE, but the application's
 * token may be missing: *account is then empty. The caller owes an
 * account_free whatever is returned.
 */
enum status account_load(struct account *account, const char *name);

/* Read another system's token file as this account. */
enum status account_import(struct account *account, const char *path,
    const char *name);

/* Write the account, so that it outlives a power cut. */
enum status account_save(const struct account *account);

/*
 * The same in two steps: with the room on disk that account_prepare gets,
 * account_commit writes what must not be lost, or atomic_abandon gives it back.
 */
enum status account_prepare(const char *name, struct replacement *room);
enum status account_commit(const struct account *account,
    struct replacement *room);

/* Remove its file. */
enum status account_remove(const char *name);

/*
 * Take the account's lock, which whoever changes it must hold, and sweep up
 * what a writer that was killed left behind. It waits for a while, not long.
 * account_unlock gives it back.
 */
enum status account_lock(const char *name, int *lock);
void account_unlock(int lock);

/*
 * The names of all accounts, sorted, the last one NULL; the caller frees it
 * with account_names_free.
 */
enum status account_names(char ***names);
void account_names_free(char **names);

/* Wipe and free what is inside. */
void account_free(struct account *account);

#endif
