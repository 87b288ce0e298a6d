#include "path.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"

static int
fail(struct path *p, const char *why)
{
	snprintf(p->why, sizeof(p->why), "%s", why);
	return -1;
}

/* How many c are in a text. */
static size_t
count(struct slice text, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.p[i] == c;
	return n;
}

/* What the template says by itself of where the path leads. */
static void
look_at_text(struct path *p)
{
	const struct text_template *t = &p->template;
	size_t constant = 0; /* how long it is up to the first hole */
	bool hole = false;

	for (size_t i = 0; i < t->count; i++) {
		struct slice text = t->parts[i].text;
		const char *last = memrchr(text.p, '/', text.len);

		hole = hole || t->parts[i].hole;
		if (t->parts[i].hole)
			continue;
		p->slashes += count(text, '/');
		if (!hole && last != NULL)
			p->fixed = constant + (size_t)(last - text.p) + 1;
		constant += text.len;
	}
	if (!hole)
		p->fixed = constant;
}

int
path_open(struct path *p, const char *template)
{
	const char *why;

	memset(p, 0, sizeof(*p));
	if (template_parse(&p->template, template, &p->members, &why) == -1) {
		snprintf(p->why, sizeof(p->why), "path '%.150s': %s", template,
		    why);
		return -1;
	}
	p->date = members_want(&p->members, SLICE("date"));
	p->hour = members_want(&p->members, SLICE("hour"));
	if (p->date == -1 || p->hour == -1 ||
	    moment_open(&p->moment, &p->members) == -1)
		return fail(p, "the path names too many members");
	if (p->template.count == 0 || template[strlen(template) - 1] == '/')
		return fail(p, "the path names no file");
	look_at_text(p);
	return 0;
}

/* A member that is not the record's own. */
static void
set(struct path *p, int index, const char *text)
{
	struct member *member = &p->members.list[index];

	member->found = true;
	member->value =
	    (struct scan_member){.kind = SCAN_STRING, .value = slice_of(text)};
}

static void
set_time(struct path *p)
{
	int64_t ms = moment_of(&p->moment, &p->members);
	time_t t = (ms != -1 ? ms : clock_wall()) / 1000;
	struct tm utc;

	gmtime_r(&t, &utc);
	strftime(p->date_text, sizeof(p->date_text), "%Y-%m-%d", &utc);
	strftime(p->hour_text, sizeof(p->hour_text), "%H", &utc);
	set(p, p->date, p->date_text);
	set(p, p->hour, p->hour_text);
}

/* See that the path leads where the template means it to. */
static int
distrust(struct path *p, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return fail(p, "a control character in its path");
	if (count(text, '/') != p->slashes)
		return fail(p, "a '/' in a value of its path");
	for (size_t i = p->fixed; i < text.len; i++) {
		if (i > p->fixed && text.p[i - 1] != '/')
			continue;
		if (text.p[i] == '/')
			return fail(p, "a part of its path is empty");
		if (text.p[i] == '.')
			return fail(p, "a part of its path begins with a dot");
	}
	return 0;
}

int
path_fill(struct path *p, struct slice record)
{
	struct slice out;
	const char *why;

	if (members_find(&p->members, record, &why) == -1)
		return fail(p, why);
	set_time(p);
	if (template_render(&p->template, &p->members, p->text,
		sizeof(p->text) - 1, &out) == -1) {
		if (out.len == 0)
			return fail(p, "its path is too long");
		snprintf(p->why, sizeof(p->why), "no value for %.*s",
		    (int)out.len, out.p);
		return -1;
	}
	p->text[out.len] = '\0';
	return distrust(p, out);
}
