#include "irc.h"

#include <strings.h>

#include "client.h"
#include "clock.h"
#include "join.h"
#include "login.h"

enum { LINE_MAX_IN = 4096 }; /* of a longer line Twitch takes so much */

static const char capabilities[] =
    "twitch.tv/commands twitch.tv/membership twitch.tv/tags";

/* The flag of a capability, or NULL if there is no such thing. */
static bool *
capability(struct client *c, struct slice name)
{
	if (slice_eq(name, SLICE("twitch.tv/tags")))
		return &c->tags;
	if (slice_eq(name, SLICE("twitch.tv/commands")))
		return &c->commands;
	if (slice_eq(name, SLICE("twitch.tv/membership")))
		return &c->membership;
	return NULL;
}

/* Set all capabilities in the list; or none, and false, if one is unknown. */
static bool
request(struct client *c, struct slice list)
{
	bool *flags[8];
	size_t count = 0;

	while (list.len > 0) {
		const char *space = memchr(list.p, ' ', list.len);
		size_t n = space != NULL ? (size_t)(space - list.p) : list.len;

		if (n > 0) {
			flags[count] = capability(c, (struct slice){list.p, n});
			if (flags[count] == NULL || ++count == 8)
				return false;
		}
		n += space != NULL;
		list.p += n;
		list.len -= n;
	}
	while (count > 0)
		*flags[--count] = true;
	return true;
}

static void
on_cap(struct client *c, const struct message *m)
{
	struct slice what = m->count > 0 ? m->params[0] : SLICE("");
	struct slice list = m->count > 1 ? m->params[1] : SLICE("");

	if (slice_eq(what, SLICE("LS")))
		client_reply(c, ":tmi.twitch.tv CAP * LS :%s", capabilities);
	else if (slice_eq(what, SLICE("REQ")))
		client_reply(c, ":tmi.twitch.tv CAP * %s :%.*s",
		    request(c, list) ? "ACK" : "NAK", (int)list.len, list.p);
	else if (!slice_eq(what, SLICE("END")))
		client_reply(c,
		    ":tmi.twitch.tv 410 * %.*s :Invalid CAP command",
		    (int)what.len, what.p);
}

static void
on_ping(struct client *c, const struct message *m)
{
	if (m->count == 0)
		client_reply(c, "PONG :tmi.twitch.tv");
	else
		client_reply(c, ":tmi.twitch.tv PONG tmi.twitch.tv :%.*s",
		    (int)m->params[0].len, m->params[0].p);
}

static void
on_pong(struct client *c, const struct message *m)
{
	(void)m;
	c->sim->record.counts.pongs++;
	c->pong_by = 0;
}

static void
on_quit(struct client *c, const struct message *m)
{
	(void)m;
	client_close(c);
}

/* Chat that the client says goes nowhere; USER says nothing on Twitch. */
static void
ignore(struct client *c, const struct message *m)
{
	(void)c;
	(void)m;
}

static const struct command {
	const char *name;
	void (*run)(struct client *c, const struct message *m);
} commands[] = {{"CAP", on_cap}, {"JOIN", join_channels}, {"NICK", login_nick},
    {"PART", join_part}, {"PASS", login_pass}, {"PING", on_ping},
    {"PONG", on_pong}, {"PRIVMSG", ignore}, {"QUIT", on_quit},
    {"USER", ignore}};

static void
obey(struct client *c, struct slice line)
{
	struct message m;

	if (line.len > LINE_MAX_IN)
		line.len = LINE_MAX_IN;
	if (!message_parse(&m, line))
		return;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];

		if (m.command.len == strlen(command->name) &&
		    strncasecmp(m.command.p, command->name, m.command.len) ==
			0) {
			command->run(c, &m);
			return;
		}
	}
	client_reply(c, ":tmi.twitch.tv 421 %s %.*s :Unknown command",
	    c->logged_in ? c->nick : "*", (int)m.command.len, m.command.p);
}

void
irc_begin(struct client *c)
{
	c->anonymous.joins.max = (unsigned)c->sim->config->limit_joins;
	if (c->sim->config->ping > 0)
		c->ping_at = clock_mono() + c->sim->config->ping;
}

void
irc_receive(struct client *c, struct slice message)
{
	while (message.len > 0 && c->phase == CLIENT_OPEN) {
		const char *lf = memchr(message.p, '\n', message.len);
		size_t n = lf != NULL ? (size_t)(lf - message.p) : message.len;
		size_t next = n + (lf != NULL);

		if (n > 0 && message.p[n - 1] == '\r')
			n--;
		obey(c, (struct slice){message.p, n});
		message.p += next;
		message.len -= next;
	}
	client_end_frame(c);
}

void
irc_ping(struct client *c)
{
	if (c->phase != CLIENT_OPEN)
		return;
	client_reply(c, "PING :tmi.twitch.tv");
	c->sim->record.counts.pings++;
	c->pong_by = clock_mono() + c->sim->config->pong;
}

void
irc_tick(struct client *c, int64_t now)
{
	if (c->pong_by != 0 && now >= c->pong_by) {
		c->sim->record.counts.violations++;
		c->sim->record.counts.unanswered_pings++;
		client_close(c);
	} else if (c->ping_at != 0 && now >= c->ping_at) {
		c->ping_at = now + c->sim->config->ping;
		if (c->pong_by == 0)
			irc_ping(c);
	}
}

void
irc_reconnect(struct client *c)
{
	if (c->phase != CLIENT_OPEN)
		return;
	if (c->commands)
		client_reply(c, ":tmi.twitch.tv RECONNECT");
	client_schedule(c, client_close,
	    clock_mono() +
		draw_range(&c->sim->draw, c->sim->config->reconnect_close));
}

void
irc_deafen(struct client *c)
{
	if (!c->deaf)
		join_deafen(c);
	c->deaf = true;
}

void
irc_gone(struct client *c)
{
	join_leave_all(c);
	limit_free(&c->anonymous.joins);
}
