#include "chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chatter.h"
#include "draft.h"
#include "draw.h"
#include "log.h"
#include "status.h"
#include "text.h"

enum { CHATTERS = 2000 };

struct chat {
	struct draw draw;
	struct chatter *chatters;
	struct draft draft;
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

/* A tag of a new UUID. */
static void
tag_uuid(struct chat *chat, const char *name)
{
	struct draft *d = &chat->draft;
	char uuid[UUID_LEN + 1];

	draw_uuid(&chat->draw, uuid);
	draft_tag(d, name, uuid);
}

/* The tags that every line of a user begins with, and those it ends with. */
static void
begin_user_tags(struct chat *chat)
{
	struct draft *d = &chat->draft;
	char emotes[TEXT_EMOTES_MAX];

	text_emotes(&chat->text, emotes);
	draft_tag(d, "badge-info", chat->who->badge_info);
	draft_tag(d, "badges", chat->who->badges);
	draft_tag(d, "color", chat->who->color);
	draft_text(d, "display-name", chat->who->display_name);
	draft_tag(d, "emotes", emotes);
	draft_tag(d, "flags", "");
	draft_tag(d, "id", chat->id);
	draft_number(d, "mod", chat->who->mod);
}

static void
end_user_tags(struct chat *chat)
{
	struct draft *d = &chat->draft;

	draft_tag(d, "room-id", chat->room->id);
	draft_number(d, "subscriber", chat->who->subscriber);
	draft_number(d, "tmi-sent-ts", chat->now);
	draft_number(d, "turbo", chat->who->turbo);
	draft_tag(d, "user-id", chat->who->user_id);
	draft_tag(d, "user-type", chat->who->mod ? "mod" : "");
	if (chat->who->vip)
		draft_tag(d, "vip", "1");
	draft_end_tags(d);
}

/* The command and its channel, from the server. */
static void
put_command(struct chat *chat, const char *command)
{
	struct draft *d = &chat->draft;

	draft_put(d, ":tmi.twitch.tv ");
	draft_put(d, command);
	draft_put(d, " #");
	draft_put(d, chat->room->name);
}

/* The user's PRIVMSG with the text. */
static void
put_message(struct chat *chat, bool action)
{
	struct draft *d = &chat->draft;

	draft_put(d, ":");
	draft_put(d, chat->who->login);
	draft_put(d, "!");
	draft_put(d, chat->who->login);
	draft_put(d, "@");
	draft_put(d, chat->who->login);
	draft_put(d, ".tmi.twitch.tv PRIVMSG #");
	draft_put(d, chat->room->name);
	draft_put(d, action ? " :\001ACTION " : " :");
	draft_put(d, chat->text.bytes);
	draft_put(d, action ? "\001" : "");
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
	struct draft *d = &chat->draft;

	text_begin(&chat->parent);
	text_prose(&chat->parent, &chat->draw);
	draft_text(d, "reply-parent-display-name", parent->display_name);
	draft_text(d, "reply-parent-msg-body", chat->parent.bytes);
	tag_uuid(chat, "reply-parent-msg-id");
	draft_tag(d, "reply-parent-user-id", parent->user_id);
	draft_tag(d, "reply-parent-user-login", parent->login);
	draft_text(d, "reply-thread-parent-display-name", parent->display_name);
	tag_uuid(chat, "reply-thread-parent-msg-id");
	draft_tag(d, "reply-thread-parent-user-id", parent->user_id);
	draft_tag(d, "reply-thread-parent-user-login", parent->login);
}

static void
make_message(struct chat *chat)
{
	struct draft *d = &chat->draft;
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
		draft_tag(d, "bits", "100");
	draft_number(d, "first-msg", draw_chance(&chat->draw, 5));
	if (parent != NULL)
		tag_reply(chat, parent);
	draft_number(d, "returning-chatter", draw_chance(&chat->draw, 5));
	end_user_tags(chat);
	put_message(chat, action);
}

/* What every USERNOTICE has; its own tags follow. */
static void
begin_notice(struct chat *chat, const char *kind)
{
	struct draft *d = &chat->draft;

	begin_user_tags(chat);
	draft_tag(d, "login", chat->who->login);
	draft_tag(d, "msg-id", kind);
}

static void
end_notice(struct chat *chat, const char *what)
{
	struct draft *d = &chat->draft;
	char text[256];

	snprintf(text, sizeof(text), "%s %s", chat->who->login, what);
	draft_text(d, "system-msg", text);
	end_user_tags(chat);
	put_command(chat, "USERNOTICE");
	if (chat->text.end > chat->text.bytes) {
		draft_put(d, " :");
		draft_put(d, chat->text.bytes);
	}
}

static void
make_resub(struct chat *chat)
{
	struct draft *d = &chat->draft;

	if (draw_chance(&chat->draw, 600))
		text_prose(&chat->text, &chat->draw);
	begin_notice(chat, "resub");
	draft_number(d, "msg-param-cumulative-months", chat->who->months + 1);
	draft_tag(d, "msg-param-months", "0");
	draft_tag(d, "msg-param-should-share-streak", "0");
	draft_tag(d, "msg-param-sub-plan", "1000");
	draft_tag(d, "msg-param-sub-plan-name", "Channel\\sSubscription");
	draft_tag(d, "msg-param-was-gifted", "false");
	end_notice(chat, "subscribed at Tier 1; again.");
}

static void
make_sub(struct chat *chat)
{
	struct draft *d = &chat->draft;

	begin_notice(chat, "sub");
	draft_tag(d, "msg-param-cumulative-months", "1");
	draft_tag(d, "msg-param-months", "0");
	draft_tag(d, "msg-param-sub-plan", "Prime");
	draft_tag(d, "msg-param-sub-plan-name", "Channel\\sSubscription");
	end_notice(chat, "subscribed with Prime.");
}

static void
make_subgift(struct chat *chat)
{
	struct draft *d = &chat->draft;
	const struct chatter *to = someone(chat);

	begin_notice(chat, "subgift");
	draft_tag(d, "msg-param-gift-months", "1");
	draft_number(d, "msg-param-months", 1 + to->months);
	draft_text(d, "msg-param-recipient-display-name", to->display_name);
	draft_tag(d, "msg-param-recipient-id", to->user_id);
	draft_tag(d, "msg-param-recipient-user-name", to->login);
	draft_number(d, "msg-param-sender-count",
	    1 + draw_below(&chat->draw, 99));
	draft_tag(d, "msg-param-sub-plan", "1000");
	end_notice(chat, "gifted a Tier 1 sub!");
}

static void
make_raid(struct chat *chat)
{
	struct draft *d = &chat->draft;

	begin_notice(chat, "raid");
	draft_text(d, "msg-param-displayName", chat->who->display_name);
	draft_tag(d, "msg-param-login", chat->who->login);
	draft_number(d, "msg-param-viewerCount",
	    2 + draw_below(&chat->draw, 900));
	end_notice(chat, "is raiding.");
}

/* A time-out, a ban, or the whole chat cleared. */
static void
make_clearchat(struct chat *chat)
{
	struct draft *d = &chat->draft;
	bool all = draw_chance(&chat->draw, 20);

	if (!all && !draw_chance(&chat->draw, 200))
		draft_number(d, "ban-duration",
		    1 + draw_below(&chat->draw, 1209600));
	draft_tag(d, "room-id", chat->room->id);
	if (!all)
		draft_tag(d, "target-user-id", chat->who->user_id);
	draft_number(d, "tmi-sent-ts", chat->now);
	draft_end_tags(d);
	put_command(chat, "CLEARCHAT");
	if (!all) {
		draft_put(d, " :");
		draft_put(d, chat->who->login);
	}
}

static void
make_clearmsg(struct chat *chat)
{
	struct draft *d = &chat->draft;

	text_prose(&chat->text, &chat->draw);
	draft_tag(d, "login", chat->who->login);
	draft_tag(d, "room-id", "");
	tag_uuid(chat, "target-msg-id");
	draft_number(d, "tmi-sent-ts", chat->now);
	draft_end_tags(d);
	put_command(chat, "CLEARMSG");
	draft_put(d, " :");
	draft_put(d, chat->text.bytes);
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

static void
begin(struct chat *chat, struct room *room, int64_t now)
{
	draft_begin(&chat->draft);
	chat->room = room;
	chat->who = someone(chat);
	chat->now = now;
	text_begin(&chat->text);
	draw_uuid(&chat->draw, chat->id);
}

/* The line that was made, as one of this kind. */
static struct chat_line
made(struct chat *chat, const struct kind *kind)
{
	struct draft *d = &chat->draft;
	struct chat_line line = {.text = {d->bytes, (size_t)(d->p - d->bytes)},
	    .untagged = (size_t)(d->untagged - d->bytes),
	    .now = chat->now,
	    .needs_commands = kind->needs_commands};

	if (kind->has_id)
		line.id = (struct slice){chat->id, UUID_LEN};
	return line;
}

struct chat_line
chat_next(struct chat *chat, struct room *room, int64_t now)
{
	const struct kind *kind = draw_kind(chat);

	begin(chat, room, now);
	kind->make(chat);
	return made(chat, kind);
}

struct chat_line
chat_say(struct chat *chat, struct room *room, int64_t now, struct slice text)
{
	char word[CHAT_TEXT_MAX + 1];

	memcpy(word, text.p, text.len);
	word[text.len] = '\0';
	begin(chat, room, now);
	text_word(&chat->text, word);
	begin_user_tags(chat);
	end_user_tags(chat);
	put_message(chat, false);
	return made(chat, &kinds[0]);
}
