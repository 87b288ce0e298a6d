#include "script.h"

#include <stdio.h>

#include "client.h"
#include "clock.h"
#include "irc.h"
#include "join.h"
#include "log.h"
#include "quantity.h"

/* Take the next word off the front of rest; empty if there is none. */
static struct slice
word(struct slice *rest)
{
	struct slice w;

	while (rest->len > 0 && *rest->p == ' ') {
		rest->p++;
		rest->len--;
	}
	w = (struct slice){rest->p, 0};
	while (rest->len > 0 && *rest->p != ' ') {
		rest->p++;
		rest->len--;
		w.len++;
	}
	if (rest->len > 0) {
		rest->p++;
		rest->len--;
	}
	return w;
}

/* Do it to one connection, or to all. */
static const char *
to_clients(struct sim *sim, struct slice who, void (*act)(struct client *c))
{
	bool all = slice_eq(who, SLICE("all")), found = all;
	int64_t number = -1;
	char text[24] = "";

	if (!all && who.len < sizeof(text)) {
		memcpy(text, who.p, who.len);
		if (quantity_number(text, 0, UINT32_MAX, &number) == -1)
			return "not a connection's number";
	}
	for (size_t i = 0; i < sim->count; i++) {
		struct client *c = sim->clients[i];

		if (c->phase == CLIENT_DEAD || c->half_open ||
		    (!all && c->number != number))
			continue;
		act(c);
		found = true;
	}
	return found ? NULL : "no such connection";
}

static const char *
on_reconnect(struct sim *sim, struct slice rest)
{
	struct slice who = word(&rest);

	return to_clients(sim, who.len > 0 ? who : SLICE("all"), irc_reconnect);
}

static const char *
on_drop(struct sim *sim, struct slice rest)
{
	return to_clients(sim, word(&rest), client_drop);
}

static const char *
on_half_open(struct sim *sim, struct slice rest)
{
	return to_clients(sim, word(&rest), client_half_open);
}

static const char *
on_ping(struct sim *sim, struct slice rest)
{
	struct slice who = word(&rest);

	return to_clients(sim, who.len > 0 ? who : SLICE("all"), irc_ping);
}

static const char *
on_line(struct sim *sim, struct slice rest)
{
	return traffic_send_raw(sim, rest) ? NULL : "a line without a channel";
}

/* The room whose channel is the next word, or NULL if it is none. */
static struct room *
room_word(struct sim *sim, struct slice *rest)
{
	char name[CHANNEL_MAX + 1];

	if (channel_name(word(rest), name) == -1)
		return NULL;
	return room_get(&sim->rooms, slice_of(name));
}

static const char *
on_say(struct sim *sim, struct slice rest)
{
	struct room *room = room_word(sim, &rest);
	struct chat_line line;

	if (room == NULL)
		return "not a channel";
	if (rest.len > CHAT_TEXT_MAX)
		return "too long";
	line = chat_say(sim->traffic.chat, room, clock_wall(), rest);
	traffic_send(room, &line);
	return NULL;
}

static const char *
on_notice(struct sim *sim, struct slice rest)
{
	struct room *room = room_word(sim, &rest);
	struct slice id = word(&rest);
	char text[CHAT_TEXT_MAX + 128];
	int n;

	if (room == NULL)
		return "not a channel";
	n = snprintf(text, sizeof(text),
	    "@msg-id=%.*s :tmi.twitch.tv NOTICE #%s :%.*s", (int)id.len, id.p,
	    room->name, (int)rest.len, rest.p);
	if ((size_t)n >= sizeof(text))
		return "too long";
	traffic_send_raw(sim, (struct slice){text, (size_t)n});
	return NULL;
}

static const char *
on_part(struct sim *sim, struct slice rest)
{
	struct room *room = room_word(sim, &rest);

	if (room == NULL)
		return "not a channel";
	join_clear(room);
	return NULL;
}

static const char *
set_state(struct sim *sim, struct slice rest, enum room_state state)
{
	struct room *room = room_word(sim, &rest);

	if (room == NULL)
		return "not a channel";
	room->state = state;
	if (state != ROOM_OPEN)
		join_clear(room);
	return NULL;
}

static const char *
on_ban(struct sim *sim, struct slice rest)
{
	const char *wrong = on_part(sim, rest);

	return wrong != NULL ? wrong : set_state(sim, rest, ROOM_BANNED);
}

static const char *
on_suspend(struct sim *sim, struct slice rest)
{
	return set_state(sim, rest, ROOM_SUSPENDED);
}

static const char *
on_silence(struct sim *sim, struct slice rest)
{
	return set_state(sim, rest, ROOM_SILENT);
}

static const char *
on_open(struct sim *sim, struct slice rest)
{
	return set_state(sim, rest, ROOM_OPEN);
}

static const char *
on_pause(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->traffic.paused = true;
	return NULL;
}

static const char *
on_resume(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->traffic.paused = false;
	return NULL;
}

static const char *
on_quit(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->quit = true;
	return NULL;
}

/* Each returns NULL, or what is wrong. */
static const struct command {
	const char *name;
	const char *(*run)(struct sim *sim, struct slice rest);
} commands[] = {{"ban", on_ban}, {"drop", on_drop}, {"half-open", on_half_open},
    {"line", on_line}, {"notice", on_notice}, {"open", on_open},
    {"part", on_part}, {"pause", on_pause}, {"ping", on_ping},
    {"quit", on_quit}, {"reconnect", on_reconnect}, {"resume", on_resume},
    {"say", on_say}, {"silence", on_silence}, {"suspend", on_suspend}};

void
script_obey(struct sim *sim, struct slice line)
{
	struct slice rest = line, name = word(&rest);
	const char *wrong = "no such command";

	if (name.len == 0)
		return;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (slice_eq(slice_of(commands[i].name), name))
			wrong = commands[i].run(sim, rest);
	if (wrong != NULL)
		log_warn("%s: '%.*s'", wrong, (int)line.len, line.p);
}
