#ifndef SIM_CHAT_H
#define SIM_CHAT_H

#include <stdbool.h>
#include <stdint.h>

#include "room.h"

/* One line on its way to the members of a room. */
struct chat_line {
	struct slice text;   /* without CR LF */
	size_t untagged;     /* where the text goes on behind its tags */
	struct slice id;     /* the tag; empty if there is none */
	int64_t now;         /* clock_wall(), as it is sent */
	bool needs_commands; /* only for who has the commands capability */
};

/*
 * Synthetic chat: invented users, texts and events, as Twitch would send
 * them. The same seed makes the same chat, ids included, but for
 * the times.
 */
struct chat;

struct chat *chat_new(uint64_t seed);
void chat_free(struct chat *chat);

/* Draw one of the rooms that have members; there is one. */
struct room *chat_room(struct chat *chat, const struct rooms *rooms);

/*
 * The room's next line, borrowed until the next call. Every PRIVMSG's text
 * ends with a space and the room's next number (room->said, from 1), so that
 * order and loss can be seen.
 */
struct chat_line chat_next(struct chat *chat, struct room *room, int64_t now);

/*
 * A PRIVMSG of some invented user with this text, at most CHAT_TEXT_MAX bytes,
 * without a number.
 */
enum { CHAT_TEXT_MAX = 1500 };
struct chat_line chat_say(struct chat *chat, struct room *room, int64_t now,
    struct slice text);

#endif
