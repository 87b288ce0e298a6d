#include "chat.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "status.h"

enum { LINE_SIZE = 8192 };

struct chat {
	uint64_t random;
	char text[LINE_SIZE], id[40];
};

/* splitmix64 */
static uint64_t
draw(struct chat *chat)
{
	uint64_t z = chat->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

struct chat *
chat_new(uint64_t seed)
{
	struct chat *chat = calloc(1, sizeof(*chat));

	if (chat == NULL)
		die(STATUS_FAILED, "out of memory");
	chat->random = seed;
	return chat;
}

void
chat_free(struct chat *chat)
{
	free(chat);
}

struct room *
chat_room(struct chat *chat, const struct rooms *rooms)
{
	return rooms->joined[draw(chat) % rooms->count];
}

struct chat_line
chat_next(struct chat *chat, struct room *room, int64_t now)
{
	struct chat_line line = {.now = now};
	uint64_t a = draw(chat), b = draw(chat);
	unsigned user = (unsigned)(draw(chat) % 2000);
	int n;

	snprintf(chat->id, sizeof(chat->id), "%08x-%04x-4%03x-8%03x-%012llx",
	    (unsigned)(a >> 32), (unsigned)(a & 0xffff),
	    (unsigned)(a >> 16 & 0xfff), (unsigned)(b >> 48 & 0xfff),
	    (unsigned long long)(b & 0xffffffffffff));
	n = snprintf(chat->text, sizeof(chat->text),
	    "@badge-info=;badges=;color=;display-name=Viewer_%u;emotes=;"
	    "first-msg=0;flags=;id=%s;mod=0;returning-chatter=0;room-id=%s;"
	    "subscriber=0;tmi-sent-ts=%lld;turbo=0;user-id=%u;user-type= ",
	    user, chat->id, room->id, (long long)now, 50000 + user);
	line.untagged = (size_t)n;
	n += snprintf(chat->text + n, sizeof(chat->text) - (size_t)n,
	    ":viewer_%u!viewer_%u@viewer_%u.tmi.twitch.tv PRIVMSG #%s "
	    ":hello %llu",
	    user, user, user, room->name, (unsigned long long)++room->said);
	line.text = (struct slice){chat->text, (size_t)n};
	line.id = slice_of(chat->id);
	return line;
}
