#include "event.h"

#include "chunk.h"
#include "param.h"

#define VALUE(name) "\"" name "\""
#define INFO(NAME, name)   \
	[EVENT_##NAME] = { \
	    {name, sizeof(name) - 1}, VALUE(name), sizeof(VALUE(name)) - 1},
const struct event_type_info event_type_info[EVENT_TYPE_COUNT] = {
    EVENT_TYPES(INFO)};

int
event_type_of(struct slice name)
{
	for (int t = 0; t < EVENT_TYPE_COUNT; t++)
		if (slice_eq(event_type_info[t].name, name))
			return t;
	return -1;
}

void
event_clear(struct event *e)
{
	e->clean = e->ascii = false;
	memset(e->present, 0, sizeof(e->present));
	memset(e->plain, 0, sizeof(e->plain));
	e->others_count = 0;
	e->emotes.count = e->emotes.names_count = 0;
}

void
event_copy(struct event *e, enum field to, enum field from)
{
	uint64_t plain = e->plain[from / 64] >> from % 64 & 1;

	if (event_has(e, to) || !event_has(e, from))
		return;
	e->value[to] = e->value[from];
	e->present[to / 64] |= UINT64_C(1) << to % 64;
	e->plain[to / 64] |= plain << to % 64;
}

void
event_take(struct event *e, enum field to, enum field from)
{
	if (event_has(e, to))
		return;
	event_copy(e, to, from);
	event_unset(e, from);
}

/* FNV-1a: keys that no field has are few. */
static uint32_t
hash(struct slice key)
{
	uint32_t h = 0x811c9dc5;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.p[i]) * 0x01000193;
	return h;
}

/* An earlier one of the same key counts no more. */
static void
drop_other(struct event *e, struct slice key, uint32_t key_hash)
{
	for (size_t i = 0; i < e->others_count; i++)
		if (e->others[i].key_hash == key_hash &&
		    slice_eq(e->others[i].key, key))
			e->others[i].kind = OTHER_NONE;
}

bool
event_add_other(struct event *e, struct slice key, struct slice value)
{
	struct other o = {OTHER_TAG, hash(key), 0, key, value};

	drop_other(e, key, o.key_hash);
	if (value.len == 0)
		return true;
	if (e->others_count == EVENT_OTHERS_MAX)
		return false;
	e->others[e->others_count++] = o;
	return true;
}

bool
event_add_member(struct event *e, struct slice key, struct slice json)
{
	struct other o = {OTHER_MEMBER, hash(key), 0, key, json};

	drop_other(e, key, o.key_hash);
	if (e->others_count == EVENT_OTHERS_MAX)
		return false;
	e->others[e->others_count++] = o;
	return true;
}

bool
event_is_integer(struct slice s)
{
	bool minus = s.len > 1 && *s.p == '-';
	unsigned wrong;

	s.p += minus;
	s.len -= minus;
	if (s.len - 1 > 17 || (*s.p == '0' && s.len + minus > 1))
		return false;
	wrong = chunk_not_digits(chunk_load(s.p)) |
	    chunk_not_digits(chunk_load(s.p + CHUNK)) << CHUNK;
	return (wrong & ((1U << s.len) - 1)) == 0;
}

/* 1 or true; and false for what is neither that nor 0 or false. */
static bool
is_flag(struct slice s, bool *is_true)
{
	if (s.len == 1) {
		*is_true = *s.p == '1';
		return *s.p == '0' || *s.p == '1';
	}
	*is_true = slice_eq(s, SLICE("true"));
	return *is_true || slice_eq(s, SLICE("false"));
}

struct badges *
event_badges(struct event *e, enum field f)
{
	switch (f) {
	case FIELD_BADGES:
		return &e->badges[0];
	case FIELD_BADGE_INFO:
		return &e->badges[1];
	case FIELD_SOURCE_BADGES:
		return &e->badges[2];
	default:
		return &e->badges[3];
	}
}

/* The value cannot be carried, or not all of it: it comes out in `tags`. */
static void
leave(struct event *e, enum field f)
{
	const struct field_info *info = &field_info[f];

	e->others[e->others_count++] = (struct other){.kind = OTHER_TAG,
	    .key = info->tag.len > 0 ? info->tag : slice_of(info->name),
	    .value = e->value[f]};
}

/* Whether one of the first n has this name in `params`. */
static bool
is_named(const struct event *e, size_t n, struct slice name, uint32_t name_hash)
{
	char other[PARAM_NAME_MAX];

	for (size_t i = 0; i < n; i++) {
		const struct other *o = &e->others[i];

		if (o->kind == OTHER_PARAM && o->name_hash == name_hash &&
		    slice_eq(name,
			(struct slice){other, param_name(other, o->key)}))
			return true;
	}
	return false;
}

/*
 * Parameters that have no field go to `params`, unless their name is taken:
 * no name is twice in an object.
 */
static void
settle_others(struct event *e)
{
	char text[PARAM_NAME_MAX];

	for (size_t i = 0; i < e->others_count; i++) {
		struct other *o = &e->others[i];
		struct slice name = {text, 0};

		if (o->kind == OTHER_TAG)
			name.len = param_name(text, o->key);
		if (name.len == 0 || field_in_object(OBJECT_PARAMS, name) != -1)
			continue;
		o->name_hash = hash(name);
		if (!is_named(e, i, name, o->name_hash))
			o->kind = OTHER_PARAM;
	}
}

/* Where `params` is an array, all of them are tags. */
static void
leave_params(struct event *e)
{
	for (int f = FIELD_PARAMS_BEFORE + 1; f < FIELD_COUNT; f++) {
		if (event_has(e, (enum field)f)) {
			event_unset(e, (enum field)f);
			leave(e, (enum field)f);
		}
	}
}

static void
settle_badges(struct event *e, enum field f)
{
	struct badges *b = event_badges(e, f);

	if (!badges_read(b, e->value[f]))
		leave(e, f);
	if (b->count == 0)
		event_unset(e, f);
}

static void
settle_emotes(struct event *e)
{
	struct slice text = {e->value[FIELD_EMOTE_SPANS].p, 0};

	if (event_has(e, FIELD_MESSAGE))
		text = e->value[FIELD_MESSAGE];
	if (!emotes_read(&e->emotes, e->value[FIELD_EMOTE_SPANS], text,
		e->clean, e->ascii))
		leave(e, FIELD_EMOTE_SPANS);
	if (e->emotes.count == 0)
		event_unset(e, FIELD_EMOTE_SPANS);
	if (e->emotes.names_count > 0)
		event_set(e, FIELD_EMOTES, (struct slice){"", 0});
}

static void
settle_field(struct event *e, enum field f)
{
	struct slice value = e->value[f];
	bool is_true;

	switch (field_info[f].kind) {
	case KIND_INTEGER:
	case KIND_TIME:
		if (event_is_integer(value))
			return;
		break;
	case KIND_SWITCH:
		if (is_flag(value, &is_true))
			return;
		break;
	case KIND_FLAG:
		if (is_flag(value, &is_true)) {
			if (!is_true)
				event_unset(e, f);
			return;
		}
		break;
	case KIND_BADGES:
	case KIND_BADGE_INFO:
		settle_badges(e, f);
		return;
	case KIND_SPANS:
		settle_emotes(e);
		return;
	}
	event_unset(e, f);
	leave(e, f);
}

void
event_settle(struct event *e)
{
	/* Most events have no fields but those of the top. */
	bool more = (e->present[1] | e->present[2] | e->present[3]) != 0;

	if (event_has(e, FIELD_ARGUMENTS))
		leave_params(e);
	else if (e->others_count > 0)
		settle_others(e);
	for (unsigned w = 0; w < (more ? FIELD_WORDS : 1); w++) {
		uint64_t mask = e->present[w] & field_forms[w];

		for (; mask != 0; mask &= mask - 1)
			settle_field(e,
			    (enum field)(64 * w +
				(unsigned)__builtin_ctzll(mask)));
	}
}
