#include "join.h"

#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "log.h"
#include "room.h"
#include "status.h"

/* In larger rooms Twitch does not tell who comes and goes. */
enum { MEMBERSHIP_MAX = 1000 };

static void
notice(struct client *c, const struct room *room, const char *id,
    const char *text)
{
	if (c->tags)
		client_reply(c, "@msg-id=%s :tmi.twitch.tv NOTICE #%s :%s", id,
		    room->name, text);
	else
		client_reply(c, ":tmi.twitch.tv NOTICE #%s :%s", room->name,
		    text);
}

/* Why the room is not open; nothing if it is silent. */
static void
refuse(struct client *c, const struct room *room)
{
	char text[128];

	switch (room->state) {
	case ROOM_SUSPENDED:
		notice(c, room, "msg_channel_suspended",
		    "This channel does not exist or has been suspended.");
		break;
	case ROOM_BANNED:
		snprintf(text, sizeof(text),
		    "You are permanently banned from talking in %s.",
		    room->name);
		notice(c, room, "msg_banned", text);
		break;
	case ROOM_TOS:
		snprintf(text, sizeof(text),
		    "The community has closed channel %s due to Terms of "
		    "Service violations.",
		    room->name);
		notice(c, room, "tos_ban", text);
		break;
	case ROOM_SILENT:
	case ROOM_OPEN:
		break;
	}
}

/* Tell the members who asked for it that c comes or goes. */
static void
announce(struct client *c, const struct room *room, const char *verb)
{
	if (c->identity == &c->anonymous || room->count > MEMBERSHIP_MAX)
		return;
	for (size_t i = 0; i < room->count; i++)
		if (room->members[i] != c && room->members[i]->membership)
			client_reply(room->members[i],
			    ":%s!%s@%s.tmi.twitch.tv %s #%s", c->nick, c->nick,
			    c->nick, verb, room->name);
}

/* What a JOIN that succeeded is answered with. */
static void
confirm(struct client *c, const struct room *room)
{
	const char *nick = c->nick, *name = room->name;

	client_reply(c, ":%s!%s@%s.tmi.twitch.tv JOIN #%s", nick, nick, nick,
	    name);
	client_reply(c, ":%s.tmi.twitch.tv 353 %s = #%s :%s", nick, nick, name,
	    nick);
	client_reply(c, ":%s.tmi.twitch.tv 366 %s #%s :End of /NAMES list",
	    nick, nick, name);
	if (!c->commands)
		return;
	if (c->identity != &c->anonymous)
		client_reply(c, "%s:tmi.twitch.tv USERSTATE #%s",
		    c->tags ? "@badge-info=;badges=;color=;emote-sets=0,"
			      "300374282;mod=0;subscriber=0;user-type= " :
			      "",
		    name);
	if (c->tags)
		client_reply(c,
		    "@emote-only=0;followers-only=-1;r9k=0;room-id=%s;slow=0;"
		    "subs-only=0 :tmi.twitch.tv ROOMSTATE #%s",
		    room->id, name);
	else
		client_reply(c, ":tmi.twitch.tv ROOMSTATE #%s", name);
}

static size_t
place_of(const struct client *c, const struct room *room)
{
	size_t i = 0;

	while (i < c->count && c->rooms[i] != room)
		i++;
	return i;
}

/* True if the identity is in the room, on c or any other connection. */
static bool
identity_is_in(const struct client *c, const struct room *room)
{
	for (size_t i = 0; i < room->count; i++)
		if (room->members[i]->identity == c->identity)
			return true;
	return false;
}

static void
enter(struct client *c, struct room *room)
{
	if (c->count == c->cap) {
		c->cap = c->cap > 0 ? 2 * c->cap : 16;
		c->rooms = realloc(c->rooms, c->cap * sizeof(*c->rooms));
		if (c->rooms == NULL)
			die(STATUS_FAILED, "out of memory");
	}
	c->identity->rooms += !identity_is_in(c, room);
	c->rooms[c->count++] = room;
	room_add(&c->sim->rooms, room, c);
	record_held(&c->sim->record, c->number, room->name_slice, true);
	announce(c, room, "JOIN");
}

static void
leave(struct client *c, struct room *room)
{
	c->rooms[place_of(c, room)] = c->rooms[c->count - 1];
	c->count--;
	room_remove(&c->sim->rooms, room, c);
	if (!c->deaf)
		record_held(&c->sim->record, c->number, room->name_slice,
		    false);
	c->identity->rooms -= !identity_is_in(c, room);
	announce(c, room, "PART");
}

static void
join(struct client *c, struct room *room)
{
	struct identity *who = c->identity;

	if (room->state != ROOM_OPEN) {
		refuse(c, room);
		return;
	}
	if (place_of(c, room) == c->count) {
		if (who->rooms_max > 0 && who->rooms >= who->rooms_max &&
		    !identity_is_in(c, room)) {
			notice(c, room, "msg_concurrent_channel_limit_reached",
			    "You are connected to too many chat channels. "
			    "Please close some existing chat connections to "
			    "join a new chat.");
			return;
		}
		enter(c, room);
	}
	/* Nobody knows what Twitch says to who is there already. */
	c->sim->record.counts.joined++;
	confirm(c, room);
}

/*
 * The next channel of a comma list, canonical, in name; empty if it is none.
 * False at the end of the list.
 */
static bool
next_channel(struct slice *list, char name[CHANNEL_MAX + 1])
{
	const char *comma = memchr(list->p, ',', list->len);
	size_t n = comma != NULL ? (size_t)(comma - list->p) : list->len;

	if (list->len == 0)
		return false;
	name[0] = '\0';
	if (list->p[0] == '#')
		channel_name((struct slice){list->p, n}, name);
	n += comma != NULL;
	list->p += n;
	list->len -= n;
	return true;
}

void
join_channels(struct client *c, const struct message *m)
{
	struct slice list = m->count > 0 ? m->params[0] : SLICE("");
	struct counts *counts = &c->sim->record.counts;
	char name[CHANNEL_MAX + 1];

	while (c->logged_in && next_channel(&list, name)) {
		counts->joins++;
		if (!limit_take(&c->identity->joins)) {
			counts->violations++;
			counts->join_violations++;
			log_info("connection %u: one JOIN too many: dropped",
			    c->number);
			client_drop(c);
			return;
		}
		if (name[0] != '\0')
			join(c, room_get(&c->sim->rooms, slice_of(name)));
	}
}

void
join_part(struct client *c, const struct message *m)
{
	struct slice list = m->count > 0 ? m->params[0] : SLICE("");
	char name[CHANNEL_MAX + 1];

	while (c->logged_in && next_channel(&list, name)) {
		struct room *room = room_find(&c->sim->rooms, slice_of(name));

		if (room == NULL || place_of(c, room) == c->count)
			continue;
		c->sim->record.counts.parts++;
		leave(c, room);
		client_reply(c, ":%s!%s@%s.tmi.twitch.tv PART #%s", c->nick,
		    c->nick, c->nick, name);
	}
}

void
join_deafen(struct client *c)
{
	for (size_t i = 0; i < c->count; i++)
		record_held(&c->sim->record, c->number, c->rooms[i]->name_slice,
		    false);
}

void
join_leave_all(struct client *c)
{
	while (c->count > 0)
		leave(c, c->rooms[c->count - 1]);
	free(c->rooms);
}

void
join_clear(struct room *room)
{
	while (room->count > 0) {
		struct client *c = room->members[0];

		if (room->state == ROOM_OPEN)
			client_reply(c, ":%s!%s@%s.tmi.twitch.tv PART #%s",
			    c->nick, c->nick, c->nick, room->name);
		else
			refuse(c, room);
		leave(c, room);
	}
}
