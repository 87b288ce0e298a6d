#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "atomic.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "status.h"

enum {
	BLOCK = 256 * 1024,
	FIXED_MAX = 256, /* of an entry, beside its id and its text, */
	ID_MAX = 64,     /* of which so much is logged */
	TEXT_MAX = 32 * 1024
};

/* A log of one JSON object a line; fd -1 when it is not wanted. */
static void
open_log(struct out *log, const char *path)
{
	int fd;

	log->fd = -1;
	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd == -1)
		die(STATUS_USAGE, "cannot open '%s': %s", path,
		    strerror(errno));
	if (out_open(log, fd, BLOCK) == -1)
		die(STATUS_FAILED, "out of memory");
}

void
record_open(struct record *r, const struct config *config)
{
	memset(r, 0, sizeof(*r));
	r->counts_file = config->counts;
	r->written.open = -1;
	record_counts(r);
	open_log(&r->sent, config->sent);
	open_log(&r->held, config->held);
}

/* What the entries of both logs begin with. */
static char *
begin(char *p, int64_t now, int64_t conn, struct slice channel)
{
	p = json_raw(p, SLICE("{\"ts\":"));
	p = json_int(p, now);
	p = json_raw(p, SLICE(",\"conn\":"));
	p = json_int(p, conn);
	p = json_raw(p, SLICE(",\"channel\":\""));
	p = json_raw(p, channel);
	return json_raw(p, SLICE("\""));
}

static struct slice
cut(struct slice s, size_t most)
{
	return (struct slice){s.p, s.len < most ? s.len : most};
}

/* A line without an id is known by its text. */
static void
log_line(struct record *r, int64_t conn, const struct record_line *line)
{
	struct slice id = cut(line->id, ID_MAX);
	struct slice text = cut(line->text, TEXT_MAX);
	char *p;

	if (r->sent.fd == -1)
		return;
	p = out_reserve(&r->sent,
	    FIXED_MAX + JSON_STRING_MAX(id.len + text.len));
	p = begin(p, line->now, conn, line->channel);
	p = json_raw(p, SLICE(",\"id\":"));
	p = json_string(p, id);
	if (id.len == 0) {
		p = json_raw(p, SLICE(",\"line\":"));
		p = json_string(p, text);
	}
	out_commit(&r->sent, json_raw(p, SLICE("}\n")));
}

void
record_sent(struct record *r, unsigned conn, const struct record_line *line)
{
	r->counts.lines++;
	log_line(r, conn, line);
}

void
record_unheard(struct record *r, const struct record_line *line)
{
	r->counts.unheard++;
	log_line(r, -1, line);
}

void
record_held(struct record *r, unsigned conn, struct slice channel, bool held)
{
	char *p;

	if (r->held.fd == -1)
		return;
	p = out_reserve(&r->held, FIXED_MAX);
	p = begin(p, clock_wall(), conn, channel);
	p = json_raw(p, SLICE(",\"event\":"));
	p = json_string(p, held ? SLICE("joined") : SLICE("left"));
	out_commit(&r->held, json_raw(p, SLICE("}\n")));
}

void
record_flush(struct record *r)
{
	if (r->sent.fd != -1)
		out_flush(&r->sent);
	if (r->held.fd != -1)
		out_flush(&r->held);
}

void
record_counts(struct record *r)
{
	static const struct {
		const char *name;
		size_t at;
	} fields[] = {
#define FIELD(name) {#name, offsetof(struct counts, name)}
	    FIELD(connections), FIELD(open), FIELD(logins),
	    FIELD(logins_refused), FIELD(joins), FIELD(joined), FIELD(parts),
	    FIELD(lines), FIELD(unheard), FIELD(frames), FIELD(bytes),
	    FIELD(pings), FIELD(pongs), FIELD(violations),
	    FIELD(join_violations), FIELD(login_violations),
	    FIELD(unanswered_pings), FIELD(slow)
#undef FIELD
	};
	enum { COUNT = sizeof(fields) / sizeof(fields[0]) };
	char text[COUNT * 64];
	struct slice bytes = {text, 0};
	int64_t v;

	if (r->counts_file == NULL ||
	    memcmp(&r->counts, &r->written, sizeof(r->counts)) == 0)
		return;
	for (size_t i = 0; i < COUNT; i++) {
		memcpy(&v, (char *)&r->counts + fields[i].at, sizeof(v));
		bytes.len += (size_t)sprintf(text + bytes.len, "%c\"%s\":%lld",
		    i == 0 ? '{' : ',', fields[i].name, (long long)v);
	}
	bytes.len += (size_t)sprintf(text + bytes.len, "}\n");
	if (atomic_write(r->counts_file, bytes, false) == -1)
		log_error("cannot write '%s': %s", r->counts_file,
		    strerror(errno));
	r->written = r->counts;
}

int
record_close(struct record *r)
{
	int sent = r->sent.fd != -1 ? out_close(&r->sent) : 0;
	int held = r->held.fd != -1 ? out_close(&r->held) : 0;

	record_counts(r);
	return sent == -1 || held == -1 ? -1 : 0;
}
