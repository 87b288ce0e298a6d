#include "chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chatter.h"
#include "draw.h"
#include "json.h"
#include "log.h"
#include "status.h"
#include "text.h"

enum { LINE_SIZE = 16 * 1024, CHATTERS = 2000 };

struct chat {
	struct draw draw;
	struct chatter *chatters;
	char bytes[LINE_SIZE], *p; /* the line, and where it goes on */
	char *untagged;
	char id[UUID_LEN + 1];
	struct text text, parent;
	const struct chatter *who;
	struct room *room;
	int64_t now;
};

struct chat *
chat_new(uint64_t seed)
{
	struct chat *chat = calloc(1, sizeof(*chat));

	if (chat != NULL)
		chat->chatters = calloc(CHATTERS, sizeof(*chat->chatters));
	if (chat == NULL || chat->chatters == NULL)
		die(STATUS_FAILED, "out of memory");
	chat->draw.state = seed;
	for (int i = 0; i < CHATTERS; i++)
		chat->chatters[i] = chatter_make(&chat->draw);
	return chat;
}

void
chat_free(struct chat *chat)
{
	free(chat->chatters);
	free(chat);
}

static const struct chatter *
someone(struct chat *chat)
{
	return &chat->chatters[draw_below(&chat->draw, CHATTERS)];
}

static void
put(struct chat *chat, const char *s)
{
	chat->p = stpcpy(chat->p, s);
}

/* A tag with the semicolon behind it. */
static void
tag(struct chat *chat, const char *name, const char *value)
{
	put(chat, name);
	put(chat, "=");
	put(chat, value);
	put(chat, ";");
}

static void
tag_number(struct chat *chat, const char *name, int64_t value)
{
	put(chat, name);
	put(chat, "=");
	chat->p = json_int(chat->p, value);
	put(chat, ";");
}

/* A value with what IRCv3 wants escaped in it. */
static void
tag_text(struct chat *chat, const char *name, const char *value)
{
	put(chat, name);
	put(chat, "=");
	for (; *value != '\0'; value++) {
		switch (*value) {
		case ';':
			put(chat, "\\:");
			break;
		case ' ':
			put(chat, "\\s");
			break;
		case '\\':
			put(chat, "\\\\");
			break;
		default:
			*chat->p++ = *value;
		}
	}
	put(chat, ";");
}

/* A tag of a new UUID. */
static void
tag_uuid(struct chat *chat, const char *name)
{
	char uuid[UUID_LEN + 1];

	draw_uuid(&chat->draw, uuid);
	tag(chat, name, uuid);
}

/* The tags that every line of a user begins with, and those it ends with. */
static void
begin_user_tags(struct chat *chat)
{
	char emotes[TEXT_EMOTES_MAX];

	text_emotes(&chat->text, emotes);
	tag(chat, "@badge-info", chat->who->badge_info);
	tag(chat, "badges", chat->who->badges);
	tag(chat, "color", chat->who->color);
	tag_text(chat, "display-name", chat->who->display_name);
	tag(chat, "emotes", emotes);
	tag(chat, "flags", "");
	tag(chat, "id", chat->id);
	tag_number(chat, "mod", chat->who->mod);
}

static void
end_tags(struct chat *chat)
{
	chat->p[-1] = ' ';
	chat->untagged = chat->p;
}

static void
end_user_tags(struct chat *chat)
{
	tag(chat, "room-id", chat->room->id);
	tag_number(chat, "subscriber", chat->who->subscriber);
	tag_number(chat, "tmi-sent-ts", chat->now);
	tag_number(chat, "turbo", chat->who->turbo);
	tag(chat, "user-id", chat->who->user_id);
	tag(chat, "user-type", chat->who->mod ? "mod" : "");
	if (chat->who->vip)
		tag(chat, "vip", "1");
	end_tags(chat);
}

/* The command and its channel, from the server. */
static void
put_command(struct chat *chat, const char *command)
{
	put(chat, ":tmi.twitch.tv ");
	put(chat, command);
	put(chat, " #");
	put(chat, chat->room->name);
}

static void
add_number(struct chat *chat)
{
	char number[24];

	snprintf(number, sizeof(number), "%llu",
	    (unsigned long long)++chat->room->said);
	text_word(&chat->text, number);
}

static void
tag_reply(struct chat *chat, const struct chatter *parent)
{
	text_begin(&chat->parent);
	text_prose(&chat->parent, &chat->draw);
	tag_text(chat, "reply-parent-display-name", parent->display_name);
	tag_text(chat, "reply-parent-msg-body", chat->parent.bytes);
	tag_uuid(chat, "reply-parent-msg-id");
	tag(chat, "reply-parent-user-id", parent->user_id);
	tag(chat, "reply-parent-user-login", parent->login);
	tag_text(chat, "reply-thread-parent-display-name",
	    parent->display_name);
	tag_uuid(chat, "reply-thread-parent-msg-id");
	tag(chat, "reply-thread-parent-user-id", parent->user_id);
	tag(chat, "reply-thread-parent-user-login", parent->login);
}

static void
make_message(struct chat *chat)
{
	const struct chatter *parent = NULL;
	bool action = draw_chance(&chat->draw, 20);
	bool cheers = draw_chance(&chat->draw, 5);

	if (draw_chance(&chat->draw, 60)) {
		parent = someone(chat);
		text_word(&chat->text, "@");
		text_glue(&chat->text, parent->display_name);
	}
	if (cheers)
		text_word(&chat->text, "Cheer100");
	text_prose(&chat->text, &chat->draw);
	add_number(chat);

	begin_user_tags(chat);
	if (cheers)
		tag(chat, "bits", "100");
	tag_number(chat, "first-msg", draw_chance(&chat->draw, 5));
	if (parent != NULL)
		tag_reply(chat, parent);
	tag_number(chat, "returning-chatter", draw_chance(&chat->draw, 5));
	end_user_tags(chat);
	put(chat, ":");
	put(chat, chat->who->login);
	put(chat, "!");
	put(chat, chat->who->login);
	put(chat, "@");
	put(chat, chat->who->login);
	put(chat, ".tmi.twitch.tv PRIVMSG #");
	put(chat, chat->room->name);
	put(chat, action ? " :\001ACTION " : " :");
	put(chat, chat->text.bytes);
	put(chat, action ? "\001" : "");
}

/* What every USERNOTICE has; its own tags follow. */
static void
begin_notice(struct chat *chat, const char *kind)
{
	begin_user_tags(chat);
	tag(chat, "login", chat->who->login);
	tag(chat, "msg-id", kind);
}

static void
end_notice(struct chat *chat, const char *what)
{
	char text[256];

	snprintf(text, sizeof(text), "%s %s", chat->who->login, what);
	tag_text(chat, "system-msg", text);
	end_user_tags(chat);
	put_command(chat, "USERNOTICE");
	if (chat->text.end > chat->text.bytes) {
		put(chat, " :");
		put(chat, chat->text.bytes);
	}
}

static void
make_resub(struct chat *chat)
{
	if (draw_chance(&chat->draw, 600))
		text_prose(&chat->text, &chat->draw);
	begin_notice(chat, "resub");
	tag_number(chat, "msg-param-cumulative-months", chat->who->months + 1);
	tag(chat, "msg-param-months", "0");
	tag(chat, "msg-param-should-share-streak", "0");
	tag(chat, "msg-param-sub-plan", "1000");
	tag(chat, "msg-param-sub-plan-name", "Channel\\sSubscription");
	tag(chat, "msg-param-was-gifted", "false");
	end_notice(chat, "subscribed at Tier 1; again.");
}

static void
make_sub(struct chat *chat)
{
	begin_notice(chat, "sub");
	tag(chat, "msg-param-cumulative-months", "1");
	tag(chat, "msg-param-months", "0");
	tag(chat, "msg-param-sub-plan", "Prime");
	tag(chat, "msg-param-sub-plan-name", "Channel\\sSubscription");
	end_notice(chat, "subscribed with Prime.");
}

static void
make_subgift(struct chat *chat)
{
	const struct chatter *to = someone(chat);

	begin_notice(chat, "subgift");
	tag(chat, "msg-param-gift-months", "1");
	tag_number(chat, "msg-param-months", 1 + to->months);
	tag_text(chat, "msg-param-recipient-display-name", to->display_name);
	tag(chat, "msg-param-recipient-id", to->user_id);
	tag(chat, "msg-param-recipient-user-name", to->login);
	tag_number(chat, "msg-param-sender-count",
	    1 + draw_below(&chat->draw, 99));
	tag(chat, "msg-param-sub-plan", "1000");
	end_notice(chat, "gifted a Tier 1 sub!");
}

static void
make_raid(struct chat *chat)
{
	begin_notice(chat, "raid");
	tag_text(chat, "msg-param-displayName", chat->who->display_name);
	tag(chat, "msg-param-login", chat->who->login);
	tag_number(chat, "msg-param-viewerCount",
	    2 + draw_below(&chat->draw, 900));
	end_notice(chat, "is raiding.");
}

/* A time-out, a ban, or the whole chat cleared. */
static void
make_clearchat(struct chat *chat)
{
	bool all = draw_chance(&chat->draw, 20);

	put(chat, "@");
	if (!all && !draw_chance(&chat->draw, 200))
		tag_number(chat, "ban-duration",
		    1 + draw_below(&chat->draw, 1209600));
	tag(chat, "room-id", chat->room->id);
	if (!all)
		tag(chat, "target-user-id", chat->who->user_id);
	tag_number(chat, "tmi-sent-ts", chat->now);
	end_tags(chat);
	put_command(chat, "CLEARCHAT");
	if (!all) {
		put(chat, " :");
		put(chat, chat->who->login);
	}
}

static void
make_clearmsg(struct chat *chat)
{
	text_prose(&chat->text, &chat->draw);
	tag(chat, "@login", chat->who->login);
	tag(chat, "room-id", "");
	tag_uuid(chat, "target-msg-id");
	tag_number(chat, "tmi-sent-ts", chat->now);
	end_tags(chat);
	put_command(chat, "CLEARMSG");
	put(chat, " :");
	put(chat, chat->text.bytes);
}

/* What happens in a chat, and how often in a thousand lines. */
static const struct kind {
	unsigned weight;
	void (*make)(struct chat *chat);
	bool has_id, needs_commands;
} kinds[] = {{970, make_message, true, false}, {8, make_resub, true, true},
    {6, make_subgift, true, true}, {3, make_sub, true, true},
    {1, make_raid, true, true}, {9, make_clearchat, false, true},
    {3, make_clearmsg, false, true}};

static const struct kind *
draw_kind(struct chat *chat)
{
	const struct kind *kind = kinds;
	unsigned n = draw_below(&chat->draw, 1000);

	while (n >= kind->weight)
		n -= kind++->weight;
	return kind;
}

struct room *
chat_room(struct chat *chat, const struct rooms *rooms)
{
	return rooms->joined[draw_below(&chat->draw, (unsigned)rooms->count)];
}

struct chat_line
chat_next(struct chat *chat, struct room *room, int64_t now)
{
	const struct kind *kind = draw_kind(chat);
	struct chat_line line = {
	    .now = now, .needs_commands = kind->needs_commands};

	chat->p = chat->bytes;
	chat->room = room;
	chat->who = someone(chat);
	chat->now = now;
	text_begin(&chat->text);
	draw_uuid(&chat->draw, chat->id);
	kind->make(chat);

	line.text =
	    (struct slice){chat->bytes, (size_t)(chat->p - chat->bytes)};
	line.untagged = (size_t)(chat->untagged - chat->bytes);
	if (kind->has_id)
		line.id = (struct slice){chat->id, UUID_LEN};
	return line;
}
