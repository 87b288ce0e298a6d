#include "script.h"

#include <stdio.h>

#include "client.h"
#include "clock.h"
#include "irc.h"
#include "join.h"
#include "log.h"
#include "quantity.h"
#include "server.h"

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

static bool
is_well(const struct client *c)
{
	return c->phase != CLIENT_DEAD && !c->half_open;
}

/* A time in ms, as in options: 5, 5s, 500ms. */
static bool
duration(struct slice s, int64_t *ms)
{
	char text[16] = "";

	if (s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	return quantity_duration(text, 0, INT32_MAX, ms) == 0;
}

/* The number of a connection that is alive and well, or -1. */
static int64_t
number_of(struct sim *sim, struct slice who)
{
	char text[12] = "";
	int64_t number;

	if (slice_eq(who, SLICE("any"))) {
		size_t first = draw_below(&sim->draw, (unsigned)sim->count + 1);

		for (size_t i = 0; i < sim->count; i++) {
			const struct client *c =
			    sim->clients[(first + i) % sim->count];

			if (is_well(c))
				return c->number;
		}
	}
	if (who.len >= sizeof(text))
		return -1;
	memcpy(text, who.p, who.len);
	return quantity_number(text, 0, UINT32_MAX, &number) == -1 ? -1 :
								     number;
}

/*
 * Do it to a connection, to any one, or to all; with a time behind it, each at
 * some moment within that time.
 */
static const char *
to_clients(struct sim *sim, struct slice rest, void (*act)(struct client *c))
{
	struct slice who = word(&rest);
	bool all = who.len == 0 || slice_eq(who, SLICE("all")), found = all;
	int64_t number = all ? -1 : number_of(sim, who);
	struct range within = {0, 0};

	if (rest.len > 0 && !duration(rest, &within.max))
		return "not a time";
	for (size_t i = 0; i < sim->count; i++) {
		struct client *c = sim->clients[i];

		if (!is_well(c) || (!all && c->number != number))
			continue;
		found = true;
		if (within.max == 0)
			act(c);
		else
			client_schedule(c, act,
			    clock_mono() + draw_range(&sim->draw, within));
	}
	return found ? NULL : "no such connection";
}

static const char *
on_reconnect(struct sim *sim, struct slice rest)
{
	return to_clients(sim, rest, irc_reconnect);
}

static const char *
on_drop(struct sim *sim, struct slice rest)
{
	return to_clients(sim, rest, client_drop);
}

static const char *
on_half_open(struct sim *sim, struct slice rest)
{
	return to_clients(sim, rest, client_half_open);
}

static const char *
on_ping(struct sim *sim, struct slice rest)
{
	return to_clients(sim, rest, irc_ping);
}

static const char *
on_upgrade(struct sim *sim, struct slice rest)
{
	struct slice answer = word(&rest);
	int64_t ms = 0;

	if (rest.len > 0 && !duration(rest, &ms))
		return "not a time";
	if (!opening_set(&sim->opening, answer))
		return "not a way to answer";
	sim->opening.until = ms > 0 ? clock_mono() + ms : 0;
	return NULL;
}

static const char *
on_refuse(struct sim *sim, struct slice rest)
{
	int64_t ms;

	if (!duration(rest, &ms))
		return "not a time";
	server_refuse(sim, ms);
	return NULL;
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
	traffic_send(sim, room, &line);
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
    {"quit", on_quit}, {"reconnect", on_reconnect}, {"refuse", on_refuse},
    {"resume", on_resume}, {"say", on_say}, {"silence", on_silence},
    {"suspend", on_suspend}, {"upgrade", on_upgrade}};

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
