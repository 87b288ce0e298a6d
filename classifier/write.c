#include "write.h"

#include "irc.h"
#include "json.h"
#include "param.h"
#include "value.h"

/*
 * Every member is written with a comma before it, and then the first comma
 * of an object made its brace.
 */

static char *
put_string(char *p, struct slice value, bool plain)
{
	*p++ = '"';
	p = value_put(p, value, plain);
	*p++ = '"';
	return p;
}

/* The inside of a string. In most lines nothing is to be escaped. */
static inline char *
put_value(char *p, const struct event *e, struct slice value, bool plain)
{
	return e->clean ? value_put_clean(p, value) :
			  value_put(p, value, plain);
}

/* Escapes have none but small letters, and other characters none of ASCII. */
static inline void
lower_copy(char *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i += CHUNK)
		chunk_store(p + i, chunk_lower(chunk_load(s + i)));
}

/* The strings between separators, in an array. */
static char *
put_list(char *p, struct slice list, char separator, bool plain)
{
	const char *end = list.p + list.len;

	*p++ = '[';
	while (list.p < end) {
		const char *to =
		    memchr(list.p, separator, (size_t)(end - list.p));

		if (to == NULL)
			to = end;
		p = put_string(p, (struct slice){list.p, (size_t)(to - list.p)},
		    plain);
		*p++ = ',';
		list.p = to + 1;
	}
	if (p[-1] == ',')
		p--;
	*p++ = ']';
	return p;
}

/* U+2E1D, three bytes, stands for the comma that would end the badge. */
static char *
restore_commas(char *p, char *end)
{
	char *to = p;

	while (p < end) {
		if (end - p >= 3 && memcmp(p, "\xe2\xb8\x9d", 3) == 0) {
			*to++ = ',';
			p += 3;
		} else {
			*to++ = *p++;
		}
	}
	return to;
}

static char *
put_badges(char *p, const struct event *e, const struct badges *b, bool info)
{
	char *open = p;

	for (size_t i = 0; i < b->count; i++) {
		char *version;

		*p++ = ',';
		*p++ = '"';
		p = put_value(p, e, b->badge[i].set, false);
		p = json_raw(p, SLICE("\":\""));
		version = p;
		p = put_value(p, e, b->badge[i].version, false);
		if (info && !e->ascii)
			p = restore_commas(version, p);
		*p++ = '"';
	}
	*open = '{';
	*p++ = '}';
	return p;
}

static char *
put_arguments(char *p, struct slice params)
{
	struct slice param;

	*p++ = '[';
	while (irc_param(&params, &param)) {
		p = put_string(p, param, true);
		*p++ = ',';
	}
	if (p[-1] == ',')
		p--;
	*p++ = ']';
	return p;
}

static bool
is_plain(const struct event *e, size_t f)
{
	return e->plain[f / 64] >> f % 64 & 1;
}

static char *
put_type(char *p, enum event_type type)
{
	const struct event_type_info *info = &event_type_info[type];

	memcpy(p, info->value, sizeof(info->value));
	return p + info->value_len;
}

/*
 * A login in small letters. Escapes have none but small letters, and other
 * characters no byte of ASCII's, so that what is written can be made small.
 */
static char *
put_login(char *p, const struct event *e, struct slice value, bool plain)
{
	char *begin = p;

	*p++ = '"';
	if (e->clean && value.len <= 2 * CHUNK) { /* as long as they may be */
		lower_copy(p, value.p, 2 * CHUNK);
		p += value.len;
	} else {
		p = value_put(p, value, plain);
		lower_copy(begin, begin, (size_t)(p - begin));
	}
	*p++ = '"';
	return p;
}

static char *
put_switch(char *p, struct slice value)
{
	return json_raw(p,
	    *value.p == '1' || *value.p == 't' ? SLICE("true") :
						 SLICE("false"));
}

static inline char *
put_field(char *p, struct event *e, size_t f, unsigned kind)
{
	struct slice value = e->value[f];

	if (kind == KIND_STRING) { /* as most are */
		*p++ = '"';
		p = put_value(p, e, value, is_plain(e, f));
		*p++ = '"';
		return p;
	}
	switch ((enum kind)kind) {
	case KIND_LOGIN:
		return put_login(p, e, value, is_plain(e, f));
	case KIND_INTEGER:
	case KIND_TIME:
		return value_put_clean(p, value);
	case KIND_FLAG:
		return json_raw(p, SLICE("true"));
	case KIND_TYPE:
		return put_type(p, e->type);
	case KIND_SWITCH:
		return put_switch(p, value);
	case KIND_BADGES:
		return put_badges(p, e, event_badges(e, (enum field)f), false);
	case KIND_BADGE_INFO:
		return put_badges(p, e, event_badges(e, (enum field)f), true);
	case KIND_EMOTES:
		return write_emote_names(p, &e->emotes, e->clean);
	case KIND_SPANS:
		return write_emote_spans(p, &e->emotes, e->clean);
	case KIND_LIST:
		return put_list(p, value, ',', is_plain(e, f));
	case KIND_NAMES:
		return put_list(p, value, ' ', is_plain(e, f));
	case KIND_ARGUMENTS:
		return put_arguments(p, value);
	default:
		return p;
	}
}

char *
write_value(char *p, struct event *e, enum field f)
{
	return put_field(p, e, f, field_info[f].kind);
}

/* The fields of one word of bits, which begins with field `first`. */
static char *
put_fields(char *p, struct event *e, unsigned first, uint64_t mask)
{
	for (; mask != 0; mask &= mask - 1) {
		size_t f = first + (unsigned)__builtin_ctzll(mask);
		const struct field_info *info = &field_info[f];

		memcpy(p, info->head, sizeof(info->head));
		p = put_field(p + info->head_len, e, f, info->kind);
	}
	return p;
}

static char *
put_others(char *p, const struct event *e, enum other_kind kind)
{
	for (size_t i = 0; i < e->others_count; i++) {
		const struct other *o = &e->others[i];
		char name[PARAM_NAME_MAX];
		struct slice key = o->key;

		if (o->kind != kind)
			continue;
		if (kind == OTHER_PARAM)
			key = (struct slice){name, param_name(name, key)};
		*p++ = ',';
		p = json_string(p, key);
		*p++ = ':';
		p = kind == OTHER_MEMBER ? json_raw(p, o->value) :
					   put_string(p, o->value, false);
	}
	return p;
}

/* Make an object of the members from open to p, if there are any. */
static char *
close_object(char *open, char *p)
{
	if (p == open)
		return json_raw(p, SLICE("{}"));
	*open = '{';
	*p++ = '}';
	return p;
}

char *
write_object(char *p, struct event *e, enum object object)
{
	const struct object_info *o = &object_info[object];
	char *open = p;

	for (unsigned w = o->first / 64; w * 64 < o->end; w++)
		p = put_fields(p, e, w * 64, e->present[w] & o->mask[w]);
	if (object == OBJECT_PARAMS)
		p = put_others(p, e, OTHER_PARAM);
	return close_object(open, p);
}

char *
write_tags(char *p, struct event *e)
{
	return close_object(p, put_others(p, e, OTHER_TAG));
}

/* The objects that are not empty, as members. */
static char *
put_objects(char *p, struct event *e)
{
	static const struct slice tags = SLICE_INIT(",\"tags\":");
	char *end;

	for (int o = 0; o < OBJECT_COUNT; o++) {
		struct slice head = object_info[o].head;

		end = write_object(json_raw(p, head), e, (enum object)o);
		if ((size_t)(end - p) > head.len + 2)
			p = end;
	}
	end = write_tags(json_raw(p, tags), e);
	return (size_t)(end - p) > tags.len + 2 ? end : p;
}

char *
write_event(char *p, struct event *e)
{
	char *open = p;

	p = put_fields(p, e, 0, e->present[0]);
	if ((e->present[1] | e->present[2] | e->present[3] | e->others_count) !=
	    0) {
		p = put_objects(p, e);
		p = put_others(p, e, OTHER_MEMBER);
	}
	return close_object(open, p);
}
