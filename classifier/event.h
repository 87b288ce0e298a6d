#ifndef CLASSIFIER_EVENT_H
#define CLASSIFIER_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "badges.h"
#include "emotes.h"
#include "field.h"
#include "slice.h"

/* The types of irc-event(5), by their names there. */
#define EVENT_TYPES(T)                        \
	T(MESSAGE, "message")                 \
	T(SUBSCRIPTION, "subscription")       \
	T(GIFT, "gift")                       \
	T(RAID, "raid")                       \
	T(ANNOUNCEMENT, "announcement")       \
	T(USERNOTICE, "usernotice")           \
	T(TIMEOUT, "timeout")                 \
	T(BAN, "ban")                         \
	T(CLEAR, "clear")                     \
	T(DELETE, "delete")                   \
	T(NOTICE, "notice")                   \
	T(ROOMSTATE, "roomstate")             \
	T(USERSTATE, "userstate")             \
	T(GLOBALUSERSTATE, "globaluserstate") \
	T(WHISPER, "whisper")                 \
	T(JOIN, "join")                       \
	T(PART, "part")                       \
	T(NAMES, "names")                     \
	T(HOST, "host")                       \
	T(CONNECTED, "connected")             \
	T(DISCONNECTED, "disconnected")       \
	T(RECONNECTING, "reconnecting")       \
	T(JOINED, "joined")                   \
	T(PARTED, "parted")                   \
	T(REFUSED, "refused")                 \
	T(GAP, "gap")                         \
	T(SERVER, "server")                   \
	T(MALFORMED, "malformed")

#define EVENT_NUMBER(NAME, name) EVENT_##NAME,
enum event_type { EVENT_TYPES(EVENT_NUMBER) EVENT_TYPE_COUNT };
#undef EVENT_NUMBER

struct event_type_info {
	struct slice name;
	char value[23]; /* as JSON and NULs, to be copied whole */
	uint8_t value_len;
};

extern const struct event_type_info event_type_info[EVENT_TYPE_COUNT];

/* Which are a lifecycle record's. */
enum {
	EVENT_LIFECYCLE_FIRST = EVENT_CONNECTED,
	EVENT_LIFECYCLE_LAST = EVENT_GAP
};

/* The type of this name, or -1. */
int event_type_of(struct slice name);

enum {
	EVENT_LINE_MAX = 128 * 1024, /* bytes; longer is malformed */
	EVENT_OTHERS_MAX = 2048
};

/* What no field carries. */
enum other_kind {
	OTHER_NONE,  /* one that a later one of its key replaced */
	OTHER_TAG,   /* to `tags` */
	OTHER_PARAM, /* to `params`, its name in snake_case */
	OTHER_MEMBER /* a member of a lifecycle record: JSON, as it stands */
};

struct other {
	enum other_kind kind;
	uint32_t key_hash, name_hash; /* of the key; of a parameter's name */
	struct slice key, value;
};

/*
 * An event being made: fields, and what no field carries. Values borrow the
 * line. It is large; have one and use it for every line.
 */
struct event {
	enum event_type type;
	bool clean;                    /* no byte of the line needs escaping */
	bool ascii;                    /* all of the line is known to be */
	uint64_t present[FIELD_WORDS]; /* the fields it has */
	uint64_t plain[FIELD_WORDS];   /* those without IRCv3 escapes */
	struct slice value[FIELD_COUNT];

	struct badges badges[BADGES_FIELDS];
	struct emotes emotes;

	size_t others_count;
	struct other others[EVENT_OTHERS_MAX + FIELD_COUNT];
};

/* Begin: no field, no type. */
void event_clear(struct event *e);

static inline bool
event_has(const struct event *e, enum field f)
{
	return e->present[f / 64] >> f % 64 & 1;
}

/* Set a field to a value of the line's, or ours, without IRCv3 escapes. */
static inline void
event_set(struct event *e, enum field f, struct slice value)
{
	e->value[f] = value;
	e->present[f / 64] |= UINT64_C(1) << f % 64;
	e->plain[f / 64] |= UINT64_C(1) << f % 64;
}

/* Set a flag. */
static inline void
event_flag(struct event *e, enum field f)
{
	event_set(e, f, SLICE("1"));
}

static inline void
event_unset(struct event *e, enum field f)
{
	e->present[f / 64] &= ~(UINT64_C(1) << f % 64);
}

/*
 * Give field `to`, when the event has none, the value of field `from`, if it
 * has that. event_take takes it away from `from`: a tag of KIND_ASIDE that
 * nobody takes comes out in `tags`.
 */
void event_copy(struct event *e, enum field to, enum field from);
void event_take(struct event *e, enum field to, enum field from);

/* Add a tag that has no field. False when there are too many. */
bool event_add_other(struct event *e, struct slice key, struct slice value);

/*
 * Add a member of a lifecycle record, in place of an earlier one of the key.
 * False when there are too many.
 */
bool event_add_member(struct event *e, struct slice key, struct slice json);

/*
 * A whole number that JSON can hold as it stands, in 64 bits. Reads two
 * chunks, however long it is.
 */
bool event_is_integer(struct slice s);

/*
 * The last step before writing: read the values that have a form, and leave
 * each that does not keep to it to `tags`, as the string it is.
 */
void event_settle(struct event *e);

/* The badges that a field of KIND_BADGES or KIND_BADGE_INFO holds. */
struct badges *event_badges(struct event *e, enum field f);

#endif
