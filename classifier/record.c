#include "record.h"

#include "scan.h"
#include "value.h"

/* A string's bytes, undone to *scratch when it has escapes. */
static struct slice
text_of(const struct scan_member *m, char **scratch)
{
	struct slice text = m->value;

	if (m->escaped) {
		text.p = *scratch;
		*scratch = scan_unescape(*scratch, m->value);
		text.len = (size_t)(*scratch - text.p);
	}
	return text;
}

/* What is at p, taken; or NULL when it is something else. */
static const char *
take(const char *p, struct slice word)
{
	return memcmp(p, word.p, word.len) == 0 ? p + word.len : NULL;
}

/* One to 18 digits at p, taken, so that they are a whole number; or NULL. */
static const char *
take_digits(const char *p)
{
	const char *from = p;

	while (*p >= '0' && *p <= '9')
		p++;
	if (p == from || p - from > 18 || (*from == '0' && p - from > 1))
		return NULL;
	return p;
}

/*
 * A record as ws-reader writes them, {"ts":1,"conn":0,"line":"…"}, in one go.
 * False when it is another, which may be right, too.
 */
static bool
read_usual(struct record *r, struct slice text, char *scratch)
{
	const char *end = text.p + text.len - 2, *p = text.p;
	char *to = scratch;

	if (text.len < 32 || memcmp(end, "\"}", 2) != 0 ||
	    (p = take(p, SLICE("{\"ts\":"))) == NULL)
		return false;
	r->ts.p = p;
	if ((p = take_digits(p)) == NULL)
		return false;
	r->ts.len = (size_t)(p - r->ts.p);
	if ((p = take(p, SLICE(",\"conn\":"))) == NULL ||
	    (p = take_digits(p)) == NULL ||
	    (p = take(p, SLICE(",\"line\":\""))) == NULL || p > end)
		return false;
	r->clean = true;
	for (;;) {
		size_t n = value_copy(to, p, end), escape;

		to += n;
		p += n;
		if (p == end)
			break;
		escape = scan_escape(p, end);
		if (escape == 0)
			return false;
		to = scan_unescape(to, (struct slice){p, escape});
		p += escape;
		r->clean = false;
	}
	r->line = (struct slice){scratch, (size_t)(to - scratch)};
	return true;
}

const char *
record_read(struct record *r, struct slice text, char *scratch)
{
	struct scan_member m;
	struct scan s;
	bool has_line = false;

	memset(r, 0, sizeof(*r));
	if (read_usual(r, text, scratch))
		return NULL;
	memset(r, 0, sizeof(*r));
	scan_open(&s, text);
	while (scan_next(&s, &m)) {
		if (slice_eq(m.key, SLICE("ts"))) {
			if (m.kind != SCAN_NUMBER || !event_is_integer(m.value))
				return "a record whose ts is no time";
			r->ts = m.value;
		} else if (slice_eq(m.key, SLICE("line"))) {
			char *p = scratch;

			if (m.kind != SCAN_STRING)
				return "a record whose line is no string";
			r->line = text_of(&m, &p);
			r->clean = !m.escaped;
			has_line = true;
		} else if (slice_eq(m.key, SLICE("event"))) {
			r->lifecycle = true;
		}
	}
	if (s.error != NULL) {
		r->ts.len = 0;
		return s.error;
	}
	if (has_line)
		r->lifecycle = false;
	else if (!r->lifecycle)
		return "a record with neither a line nor an event";
	return NULL;
}

static int
lifecycle_type(const struct scan_member *m)
{
	int type = m->kind == SCAN_STRING ? event_type_of(m->value) : -1;

	return type >= EVENT_LIFECYCLE_FIRST && type <= EVENT_LIFECYCLE_LAST ?
	    type :
	    -1;
}

/* The field that carries a member, or -1. */
static int
lifecycle_field(const struct scan_member *m)
{
	static const uint8_t fields[] = {FIELD_CHANNEL, FIELD_CHANNEL_ID,
	    FIELD_CONN, FIELD_FROM, FIELD_TO, FIELD_LINES, FIELD_REASON};

	for (size_t i = 0; i < sizeof(fields); i++) {
		const struct field_info *info = &field_info[fields[i]];

		if (!slice_eq(slice_of(info->name), m->key))
			continue;
		if (info->kind >= KIND_FORMS)
			return event_is_integer(m->value) ? fields[i] : -1;
		return m->kind == SCAN_STRING ? fields[i] : -1;
	}
	return -1;
}

/* Whether an event has this of its own. */
static bool
is_ours(struct slice key)
{
	for (int i = 0; i < OBJECT_COUNT; i++)
		if (slice_eq(object_info[i].name, key))
			return true;
	return field_of_name(key) != -1 || slice_eq(key, SLICE("tags"));
}

static const char *
add_member(struct event *e, const struct scan_member *m, char **scratch)
{
	struct slice json = m->value;
	int f = lifecycle_field(m);

	if (f != -1) {
		event_set(e, (enum field)f, text_of(m, scratch));
		return NULL;
	}
	/* What is not ours goes through, but never a name twice. */
	if (is_ours(m->key) || memchr(m->key.p, '\\', m->key.len) != NULL)
		return "a record with a member that is not as it should be";
	if (m->kind == SCAN_STRING)
		json = (struct slice){json.p - 1, json.len + 2};
	if (!event_add_member(e, m->key, json))
		return "a record with too many members";
	return NULL;
}

const char *
record_lifecycle(struct event *e, struct slice text, char *scratch)
{
	const char *error = NULL;
	struct scan_member m;
	struct scan s;

	scan_open(&s, text);
	while (error == NULL && scan_next(&s, &m)) {
		int type;

		if (slice_eq(m.key, SLICE("ts")))
			continue;
		if (!slice_eq(m.key, SLICE("event"))) {
			error = add_member(e, &m, &scratch);
			continue;
		}
		type = lifecycle_type(&m);
		if (type == -1)
			return "a record of an unknown event";
		e->type = (enum event_type)type;
	}
	return error;
}
