#include "classifier.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "json.h"
#include "record.h"
#include "tags.h"
#include "utf8.h"
#include "write.h"

#define TOO_LONG "longer than any line of IRC"

_Static_assert(POINTS_TEXT_MAX >= UTF8_REPAIR_MAX(EVENT_LINE_MAX),
    "any text can be indexed");
_Static_assert(CLASSIFIER_OUT >= WRITE_MAX(EVENT_LINE_MAX),
    "any event fits the output");
_Static_assert(EVENT_TYPE_COUNT <= 64, "a bit for each type");

int
classifier_open(struct classifier *c, struct out *out)
{
	size_t room = UTF8_REPAIR_MAX(EVENT_LINE_MAX) + LINE_SLACK;

	field_open();
	tags_open();
	c->types = ~(UINT64_C(1) << EVENT_SERVER);
	c->out = out;
	c->utf8 = calloc(2, room);
	if (c->utf8 == NULL)
		return -1;
	c->scratch = c->utf8 + room;
	return 0;
}

void
classifier_close(struct classifier *c)
{
	free(c->utf8);
	c->utf8 = NULL;
}

static bool
is_excluded(const struct classifier *c)
{
	const struct event *e = &c->event;
	struct slice name = e->value[FIELD_USERNAME];

	if (e->type != EVENT_MESSAGE || !event_has(e, FIELD_USERNAME))
		return false;
	for (size_t i = 0; i < c->exclude_count; i++)
		if (c->exclude[i].len == name.len &&
		    strncasecmp(c->exclude[i].p, name.p, name.len) == 0)
			return true;
	return false;
}

/* Where this type is to go, or NULL. */
static struct out *
destination(const struct classifier *c, enum event_type type)
{
	if (type == EVENT_MALFORMED && c->reject != NULL)
		return c->reject;
	return c->types >> type & 1 ? c->out : NULL;
}

static void
warn(struct classifier *c, const char *reason)
{
	unsigned long held;

	if (!log_limit(&c->limit, &held))
		return;
	if (held > 0)
		log_warn("line %" PRIu64 ": %s (and %lu more)", c->lines,
		    reason, held);
	else
		log_warn("line %" PRIu64 ": %s", c->lines, reason);
}

/* Put out the event that a line of n bytes has become. */
static void
put(struct classifier *c, size_t n)
{
	struct event *e = &c->event;
	struct out *out = destination(c, e->type);
	char *p;

	c->events[e->type]++;
	if (out == NULL || is_excluded(c))
		return;
	e->present[0] |= UINT64_C(1) << FIELD_TYPE;
	event_settle(e);
	event_copy(e, FIELD_TIMESTAMP, FIELD_RECEIVED);
	p = out_reserve(out, WRITE_MAX(n));
	if (c->project.count > 0 && e->type != EVENT_MALFORMED)
		p = project_event(p, &c->project, e);
	else
		p = write_event(p, e);
	*p++ = '\n';
	out_commit(out, p);
}

/* The line is kept, as what it is. */
static void
malformed(struct classifier *c, struct slice line, struct slice ts,
    const char *reason, size_t n)
{
	struct event *e = &c->event;

	warn(c, reason);
	event_clear(e);
	e->type = EVENT_MALFORMED;
	if (ts.len > 0)
		event_set(e, FIELD_RECEIVED, ts);
	/* A value has readable bytes after it, as a literal has not. */
	snprintf(c->reason, sizeof(c->reason), "%s", reason);
	event_set(e, FIELD_REASON, slice_of(c->reason));
	event_set(e, FIELD_LINE, line);
	put(c, n);
}

static void
irc_line(struct classifier *c, const struct record *r, size_t n)
{
	struct event *e = &c->event;
	struct irc_message msg;
	struct slice rest = r->line;
	const char *error = NULL;

	event_clear(e);
	e->clean = r->clean;
	e->ascii = r->ascii;
	if (r->ts.len > 0)
		event_set(e, FIELD_RECEIVED, r->ts);
	if (c->raw)
		event_set(e, FIELD_RAW, r->line);
	if (rest.len > 0 && *rest.p == '@')
		error = tags_read(e, &rest);
	if (error == NULL)
		error = irc_split(rest, &msg);
	if (error == NULL)
		error = command_classify(e, &msg);
	if (error != NULL)
		malformed(c, r->line, r->ts, error, n);
	else
		put(c, n);
}

static void
record(struct classifier *c, struct slice text, bool ascii, size_t n)
{
	struct event *e = &c->event;
	struct record r;
	const char *error = record_read(&r, text, c->scratch);

	if (error == NULL && !r.lifecycle) {
		r.ascii = ascii && r.clean;
		irc_line(c, &r, n);
		return;
	}
	event_clear(e);
	if (error == NULL)
		error = record_lifecycle(e, text, c->scratch);
	if (error != NULL) {
		malformed(c, text, r.ts, error, n);
		return;
	}
	if (r.ts.len > 0)
		event_set(e, FIELD_RECEIVED, r.ts);
	put(c, n);
}

static char *
put_piece(char *p, const struct line *line, struct slice text)
{
	if (line->first)
		p = json_raw(p,
		    SLICE("{\"type\":\"malformed\",\"reason\":\"" TOO_LONG
			  "\",\"line\":\""));
	p = json_escape(p, text);
	if (line->last)
		p = json_raw(p, SLICE("\"}\n"));
	return p;
}

/*
 * A piece of a line that is longer than the reader gives whole: one malformed
 * event, put out as the pieces come. Held back for the next piece is a
 * character that the cut went through, or a CR, which may be the line's last.
 */
static void
piece(struct classifier *c, const struct line *line)
{
	struct out *out = destination(c, EVENT_MALFORMED);
	struct slice text = {c->scratch, c->held + line->text.len};
	size_t hold;

	if (line->first) {
		warn(c, TOO_LONG);
		c->events[EVENT_MALFORMED]++;
	}
	memcpy(c->scratch, c->hold, c->held);
	memcpy(c->scratch + c->held, line->text.p, line->text.len);
	if (text.len > 0 && text.p[text.len - 1] == '\r')
		hold = 1;
	else
		hold = line->last ? 0 : json_utf8_tail(text);
	text.len -= hold;
	memcpy(c->hold, text.p + text.len, hold);
	c->held = line->last ? 0 : hold;
	if (out != NULL)
		out_commit(out,
		    put_piece(out_reserve(out, WRITE_MAX(text.len)), line,
			text));
}

/* What is not all ASCII: without a byte order mark, and valid. */
static struct slice
mend(struct classifier *c, struct slice text)
{
	text = utf8_unmarked(text);
	if (utf8_is_valid(text))
		return text;
	return (struct slice){
	    c->utf8, (size_t)(utf8_repair(c->utf8, text) - c->utf8)};
}

void
classifier_line(struct classifier *c, const struct line *line)
{
	struct slice text = line->text;
	size_t n = text.len;

	c->lines += line->first;
	c->bytes += text.len + line->last;
	if (!line->first || !line->last) {
		piece(c, line);
		return;
	}
	if (text.len > 0 && text.p[text.len - 1] == '\r')
		text.len--;
	if (!line->ascii)
		text = mend(c, text);
	if (text.len == 0)
		return;
	if (*text.p == '{')
		record(c, text, line->ascii, n);
	else
		irc_line(c,
		    &(struct record){.line = text,
			.clean = line->plain,
			.ascii = line->ascii},
		    n);
}
