#include "project.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "param.h"
#include "value.h"
#include "write.h"

static bool
take_prefix(struct slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->len <= n || memcmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->len -= n;
	return true;
}

static bool
find_object(struct column *c, struct slice name)
{
	for (int i = 0; i < OBJECT_COUNT; i++) {
		if (slice_eq(object_info[i].name, name)) {
			c->kind = COLUMN_OBJECT;
			c->index = i;
			return true;
		}
	}
	return false;
}

/* What FIELD means; false when there is no such field. */
static bool
find_source(struct column *c, struct slice field)
{
	c->key = field;
	if (find_object(c, field))
		return true;
	if (slice_eq(field, SLICE("tags"))) {
		c->kind = COLUMN_TAGS;
		return true;
	}
	c->kind = COLUMN_FIELD;
	c->index = field_of_name(field);
	if (c->index != -1)
		return true;
	c->kind = COLUMN_PARAM;
	if (take_prefix(&c->key, "params."))
		return true;
	c->kind = COLUMN_TAG;
	return take_prefix(&c->key, "tags.");
}

static bool
has_name(const struct projection *pr, const struct column *c)
{
	for (size_t i = 0; i < pr->count; i++)
		if (pr->column[i].head_len == c->head_len &&
		    memcmp(pr->column[i].head, c->head, c->head_len) == 0)
			return true;
	return false;
}

/* Bounds what a line can become: only times may be named twice. */
static bool
is_twice(const struct projection *pr, const struct column *c)
{
	if (c->kind == COLUMN_TIME_ISO ||
	    (c->kind == COLUMN_FIELD && field_info[c->index].kind == KIND_TIME))
		return false;
	for (size_t i = 0; i < pr->count; i++) {
		const struct column *d = &pr->column[i];

		if (d->kind == c->kind && d->index == c->index &&
		    slice_eq(d->key, c->key))
			return true;
	}
	return false;
}

static int
add_column(struct projection *pr, struct slice name, struct slice field,
    char error[256])
{
	struct column *c = &pr->column[pr->count];
	struct slice iso = {field.p + field.len - 4, 4};
	bool as_iso = field.len > 4 && slice_eq(iso, SLICE(":iso"));
	char *p = c->head;

	if (as_iso)
		field.len -= iso.len;
	if (pr->count == PROJECT_MAX || name.len > PROJECT_NAME_MAX) {
		snprintf(error, 256, "-o takes %d names of %d bytes at most",
		    PROJECT_MAX, PROJECT_NAME_MAX);
		return -1;
	}
	c->index = 0;
	if (name.len == 0 || !find_source(c, field)) {
		snprintf(error, 256, "there is no field '%.*s' to put out",
		    (int)field.len, field.p);
		return -1;
	}
	if (as_iso) {
		if (c->kind != COLUMN_FIELD ||
		    field_info[c->index].kind != KIND_TIME) {
			snprintf(error, 256, "'%.*s' is not a time: no :iso",
			    (int)field.len, field.p);
			return -1;
		}
		c->kind = COLUMN_TIME_ISO;
	}
	if (is_twice(pr, c)) {
		snprintf(error, 256, "-o names the field '%.*s' twice",
		    (int)field.len, field.p);
		return -1;
	}
	*p++ = ',';
	p = json_string(p, name);
	*p++ = ':';
	c->head_len = (size_t)(p - c->head);
	if (has_name(pr, c)) {
		snprintf(error, 256, "-o gives the name '%.*s' twice",
		    (int)name.len, name.p);
		return -1;
	}
	pr->count++;
	return 0;
}

int
project_parse(struct projection *pr, const char *text, char error[256])
{
	for (;;) {
		size_t len = strcspn(text, ",");
		const char *equals = memchr(text, '=', len);
		struct slice name = {text, len}, field = name;

		if (equals != NULL) {
			name.len = (size_t)(equals - text);
			field.p = equals + 1;
			field.len = len - name.len - 1;
		}
		if (add_column(pr, name, field, error) == -1)
			return -1;
		text += len;
		if (*text++ == '\0')
			return 0;
	}
}

bool
project_has(const struct projection *pr, enum field f)
{
	for (size_t i = 0; i < pr->count; i++)
		if (pr->column[i].kind == COLUMN_FIELD &&
		    pr->column[i].index == (int)f)
			return true;
	return false;
}

/* ISO 8601 in UTC, as in 2026-11-21T02:03:04.567Z; null outside its years. */
static char *
put_iso(char *p, struct slice digits)
{
	int64_t ms = 0, days, rest, era, day, year, month, of_year;

	for (size_t i = 0; i < digits.len; i++)
		ms = ms * 10 + (digits.p[i] - '0');
	if (*digits.p == '-' || ms > INT64_C(253402300799999))
		return json_raw(p, SLICE("null"));
	days = ms / 86400000;
	rest = ms % 86400000;
	/* Years that begin in March put the leap day at their end. */
	days += 719468;
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	of_year = day - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	day = of_year - (153 * month + 2) / 5 + 1;
	month += month < 10 ? 3 : -9;
	year += 400 * era + (month <= 2);
	return p +
	    sprintf(p,
		"\"%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64
		":%02" PRId64 ":%02" PRId64 ".%03" PRId64 "Z\"",
		year, month, day, rest / 3600000, rest / 60000 % 60,
		rest / 1000 % 60, rest % 1000);
}

/* What stands for a field that the event does not have. */
static char *
put_missing(char *p, enum field f)
{
	switch ((enum kind)field_info[f].kind) {
	case KIND_INTEGER:
	case KIND_TIME:
		return json_raw(p, SLICE("null"));
	case KIND_FLAG:
	case KIND_SWITCH:
		return json_raw(p, SLICE("false"));
	case KIND_BADGES:
	case KIND_BADGE_INFO:
		return json_raw(p, SLICE("{}"));
	case KIND_EMOTES:
	case KIND_SPANS:
	case KIND_LIST:
	case KIND_NAMES:
	case KIND_ARGUMENTS:
		return json_raw(p, SLICE("[]"));
	default:
		return json_raw(p, SLICE("\"\""));
	}
}

static char *
put_other(char *p, const struct event *e, const struct column *c)
{
	char name[PARAM_NAME_MAX];

	for (size_t i = 0; i < e->others_count; i++) {
		const struct other *o = &e->others[i];
		struct slice key = o->key;

		if (o->kind !=
		    (c->kind == COLUMN_PARAM ? OTHER_PARAM : OTHER_TAG))
			continue;
		if (c->kind == COLUMN_PARAM)
			key = (struct slice){name, param_name(name, key)};
		if (slice_eq(key, c->key)) {
			*p++ = '"';
			p = value_put(p, o->value, false);
			*p++ = '"';
			return p;
		}
	}
	return json_raw(p, SLICE("\"\""));
}

static char *
put_column(char *p, struct event *e, const struct column *c)
{
	enum field f = (enum field)c->index;

	switch (c->kind) {
	case COLUMN_FIELD:
		return event_has(e, f) ? write_value(p, e, f) :
					 put_missing(p, f);
	case COLUMN_TIME_ISO:
		return event_has(e, f) ? put_iso(p, e->value[f]) :
					 put_missing(p, f);
	case COLUMN_OBJECT:
		/* Of two kinds: a line of the server's has an array. */
		if (c->index == OBJECT_PARAMS && event_has(e, FIELD_ARGUMENTS))
			return write_value(p, e, FIELD_ARGUMENTS);
		return write_object(p, e, (enum object)c->index);
	case COLUMN_PARAM:
	case COLUMN_TAG:
		return put_other(p, e, c);
	case COLUMN_TAGS:
		return write_tags(p, e);
	}
	return p;
}

char *
project_event(char *p, const struct projection *pr, struct event *e)
{
	char *open = p;

	for (size_t i = 0; i < pr->count; i++) {
		const struct column *c = &pr->column[i];

		p = json_raw(p, (struct slice){c->head, c->head_len});
		p = put_column(p, e, c);
	}
	*open = '{';
	*p++ = '}';
	return p;
}
