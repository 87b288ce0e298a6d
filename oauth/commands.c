#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "client.h"
#include "log.h"
#include "renew.h"
#include "secret.h"
#include "stop.h"
#include "text.h"

static enum status
not_a_name(const char *typed)
{
	log_error("'%s' is not an account's name", typed);
	return STATUS_USAGE;
}

/* The account that is meant: an argument, or the application itself. */
static enum status
meant(const struct settings *s, char **args, char name[CHANNEL_MAX + 1])
{
	if (s->application == (*args != NULL)) {
		log_error("name an account, or give -A for the application");
		return STATUS_USAGE;
	}
	*name = '\0';
	if (*args != NULL && account_name(*args, name) == -1)
		return not_a_name(*args);
	return STATUS_OK;
}

/* A token that is good, by the options that token and headers share. */
static enum status
obtain(const struct settings *s, char **args, struct account *account)
{
	char name[CHANNEL_MAX + 1];
	enum status status = meant(s, args, name);

	*account = (struct account){0};
	if (status == STATUS_OK)
		status = renew(account, name, s->refused, s->ca_file);
	return status;
}

enum status
token_command(const struct settings *s, char **args)
{
	struct account account;
	enum status status = obtain(s, args, &account);

	if (status == STATUS_OK)
		printf("%s\n", account.token.access);
	account_free(&account);
	return status;
}

enum status
headers_command(const struct settings *s, char **args)
{
	struct account account;
	enum status status = obtain(s, args, &account);

	if (status == STATUS_OK && account.client_id == NULL) {
		log_error("nobody knows yet whose client the token is; "
			  "run: twitch-oauth validate %s",
		    account.name);
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		printf("Authorization: Bearer %s\nClient-Id: %s\n",
		    account.token.access, account.client_id);
	account_free(&account);
	return status;
}

/* A line of the table: name, login, user id, expiry, scopes. */
static void
print_row(const struct account *account)
{
	time_t at = (time_t)(account->token.expires_at / 1000);
	const char *login = account->login, *id = account->user_id;
	const char *scopes = account->token.scopes;
	char when[32];
	struct tm tm;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &tm));
	printf("%s\t%s\t%s\t%s\t%s\n", account->name, login ? login : "",
	    id ? id : "", when, scopes ? scopes : "");
}

/* The statuses of several accounts as one: what a person must mend wins. */
static enum status
worse(enum status a, enum status b)
{
	return a > b ? a : b;
}

static enum status
for_each_account(const struct settings *s,
    enum status (*visit)(const struct settings *s, const char *name))
{
	enum status status;
	char **names;

	status = account_names(&names);
	if (status != STATUS_OK)
		return status;
	for (char **name = names; *name != NULL; name++)
		status = worse(status, visit(s, *name));
	account_names_free(names);
	return status;
}

static enum status
list_one(const struct settings *s, const char *name)
{
	struct account account;
	enum status status = account_load(&account, name);

	(void)s;
	if (status == STATUS_OK)
		print_row(&account);
	account_free(&account);
	return status;
}

enum status
list_command(const struct settings *s, char **args)
{
	(void)args;
	return for_each_account(s, list_one);
}

static enum status
validate_one(const struct settings *s, const char *name)
{
	struct account account;
	enum status status = renew_validate(&account, name, s->ca_file);

	if (status == STATUS_OK)
		print_row(&account);
	account_free(&account);
	return status;
}

enum status
validate_command(const struct settings *s, char **args)
{
	enum status status = STATUS_OK;
	char name[CHANNEL_MAX + 1];

	if (*args == NULL)
		return for_each_account(s, validate_one);
	for (; *args != NULL; args++)
		status = worse(status,
		    account_name(*args, name) == -1 ? not_a_name(*args) :
						      validate_one(s, name));
	return status;
}

enum status
revoke_command(const struct settings *s, char **args)
{
	struct account account;
	char name[CHANNEL_MAX + 1];
	enum status status;

	if (account_name(args[0], name) == -1)
		return not_a_name(args[0]);
	status = renew_revoke(&account, name, s->ca_file);
	account_free(&account);
	return status;
}

/* Keep another system's token, then let Twitch say whose it is. */
enum status
import_command(const struct settings *s, char **args)
{
	struct account account;
	char name[CHANNEL_MAX + 1];
	enum status status;
	int held;

	if (account_name(args[1], name) == -1)
		return not_a_name(args[1]);
	status = account_import(&account, args[0], name);
	if (status == STATUS_OK)
		status = account_lock(name, &held);
	if (status == STATUS_OK) {
		status = account_save(&account);
		account_unlock(held);
	}
	account_free(&account);
	return status == STATUS_OK ? validate_one(s, name) : status;
}

/* One line of standard input without its LF; NULL at the end. */
static char *
answer_to(const char *prompt, bool visible)
{
	bool asks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	struct termios shown, hidden;
	char *line = NULL;
	size_t size = 0;

	if (asks)
		fputs(prompt, stderr);
	if (asks && !visible && tcgetattr(STDIN_FILENO, &shown) == 0) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
		if (getline(&line, &size, stdin) == -1)
			clearerr(stdin);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	} else if (getline(&line, &size, stdin) == -1) {
		clearerr(stdin);
	}
	if (line != NULL)
		line[strcspn(line, "\r\n")] = '\0';
	return line;
}

enum status
client_command(const struct settings *s, char **args)
{
	char *id = answer_to("client id: ", true);
	char *secret = NULL;
	enum status status = STATUS_USAGE;

	(void)s, (void)args;
	if (text_is_word(id))
		secret = answer_to("client secret (none for a public client): ",
		    false);
	/* Which is no answer, and not the empty one either. */
	if (stop_requested()) {
		log_error("stopped: nothing is changed");
		status = STATUS_FAILED;
	} else if (!text_is_word(id))
		log_error("a client id is one word");
	else if (secret != NULL && *secret != '\0' && !text_is_word(secret))
		log_error("a client secret is one word");
	else
		status = client_save(id, secret == NULL ? "" : secret);
	secret_free(secret);
	free(id);
	return status;
}
