#include "login.h"

#include <ctype.h>

#include "api.h"
#include "client.h"
#include "room.h"

/* Copy to a field of cap + 1 bytes; false if it does not fit. */
static bool
copy(char *field, size_t cap, struct slice s)
{
	if (s.len > cap)
		return false;
	memcpy(field, s.p, s.len);
	field[s.len] = '\0';
	return true;
}

void
login_pass(struct client *c, const struct message *m)
{
	if (m->count > 0 && !copy(c->pass, PASS_MAX, m->params[0]))
		copy(c->pass, PASS_MAX, SLICE("too long"));
}

/* Lower-case the nick; false if it cannot be anybody's. */
static bool
canonical(char *nick)
{
	size_t n = 0;

	for (; nick[n] != '\0'; n++) {
		nick[n] = (char)tolower((unsigned char)nick[n]);
		if (!isalnum((unsigned char)nick[n]) && nick[n] != '_')
			return false;
	}
	return n > 0;
}

static bool
is_anonymous(const char *nick)
{
	static const char start[] = "justinfan";
	size_t n = sizeof(start) - 1;

	return strncmp(nick, start, n) == 0 && nick[n] != '\0' &&
	    strspn(nick + n, "0123456789") == strlen(nick + n);
}

static void
refuse(struct client *c, const char *text)
{
	c->sim->record.counts.logins_refused++;
	client_reply(c, ":tmi.twitch.tv NOTICE * :%s", text);
	client_close(c);
}

static void
welcome(struct client *c)
{
	static const char *const lines[][2] = {{"001", "Welcome, GLHF!"},
	    {"002", "Your host is tmi.twitch.tv"},
	    {"003", "This server is rather new"}, {"004", "-"}, {"375", "-"},
	    {"372", "You are in a maze of twisty passages, all alike."},
	    {"376", ">"}};

	c->logged_in = true;
	c->sim->record.counts.logins++;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		client_reply(c, ":tmi.twitch.tv %s %s :%s", lines[i][0],
		    c->nick, lines[i][1]);
	if (!c->commands || c->identity == &c->anonymous)
		return;
	if (c->tags)
		client_reply(c,
		    "@badge-info=;badges=;color=;display-name=%s;"
		    "emote-sets=0,300374282;user-id=%u;user-type= "
		    ":tmi.twitch.tv GLOBALUSERSTATE",
		    c->nick, room_number(slice_of(c->nick)));
	else
		client_reply(c, ":tmi.twitch.tv GLOBALUSERSTATE");
}

/* True for a token that the OAuth end gave to this person. */
static bool
is_granted(const struct api *api, const char *nick, const char *token)
{
	const struct oauth_grant *grant =
	    api == NULL ? NULL : oauth_find(&api->oauth, token);

	return grant != NULL && strcmp(grant->login, nick) == 0;
}

/* An account logs in; on an anonymous connection nothing is asked. */
static void
check_token(struct client *c)
{
	struct identity *account =
	    accounts_find(&c->sim->accounts, slice_of(c->nick));
	struct counts *counts = &c->sim->record.counts;

	if (strncmp(c->pass, "oauth:", 6) != 0) {
		refuse(c, "Improperly formatted auth");
		return;
	}
	if (account != NULL && !limit_take(&account->logins)) {
		counts->violations++;
		counts->login_violations++;
		client_drop(c);
		return;
	}
	if (account == NULL ||
	    (strcmp(c->pass + 6, account->token) != 0 &&
		!is_granted(c->sim->api, c->nick, c->pass + 6))) {
		refuse(c, "Login authentication failed");
		return;
	}
	c->identity = account;
	welcome(c);
}

void
login_nick(struct client *c, const struct message *m)
{
	if (c->logged_in || m->count == 0)
		return;
	if (!copy(c->nick, NICK_MAX, m->params[0]) || !canonical(c->nick)) {
		refuse(c, "Invalid NICK");
	} else if (c->sim->config->refuse != NULL) {
		refuse(c, c->sim->config->refuse);
	} else if (is_anonymous(c->nick)) {
		c->identity = &c->anonymous;
		welcome(c);
	} else {
		check_token(c);
	}
}
