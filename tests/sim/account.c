#include "account.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "log.h"
#include "status.h"

enum { FILE_MAX = 16 * 1024 * 1024 };

static void
add(struct accounts *accounts, const struct config *config, const char *text)
{
	const char *equals = strchr(text, '=');
	struct identity *all, *one;

	if (equals == NULL || equals == text || equals[1] == '\0')
		die(STATUS_USAGE, "an account is LOGIN=TOKEN");
	all = realloc(accounts->account, (accounts->count + 1) * sizeof(*all));
	if (all == NULL)
		die(STATUS_FAILED, "out of memory");
	accounts->account = all;
	one = &all[accounts->count++];
	memset(one, 0, sizeof(*one));
	one->login = strndup(text, (size_t)(equals - text));
	one->token = strdup(equals + 1);
	if (one->login == NULL || one->token == NULL)
		die(STATUS_FAILED, "out of memory");
	one->joins.max = (unsigned)config->limit_joins;
	one->logins.max = (unsigned)config->limit_logins;
	one->rooms_max = (unsigned)config->limit_rooms;
}

void
accounts_load(struct accounts *accounts, const struct config *config)
{
	char *text, *rest, *line;
	size_t len;

	for (unsigned i = 0; i < config->accounts.count; i++)
		add(accounts, config, config->accounts.word[i]);
	if (config->accounts_file == NULL)
		return;
	text = rest = atomic_read(config->accounts_file, FILE_MAX, &len);
	if (text == NULL)
		die(STATUS_USAGE, "cannot read '%s': %s", config->accounts_file,
		    strerror(errno));
	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			add(accounts, config, line);
	free(text);
}

void
accounts_free(struct accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++) {
		struct identity *one = &accounts->account[i];

		free(one->login);
		free(one->token);
		limit_free(&one->joins);
		limit_free(&one->logins);
	}
	free(accounts->account);
}

struct identity *
accounts_find(const struct accounts *accounts, struct slice login)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (slice_eq(slice_of(accounts->account[i].login), login))
			return &accounts->account[i];
	return NULL;
}
