#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "atomic.h"
#include "json.h"
#include "log.h"
#include "status.h"

enum { SENT_BLOCK = 256 * 1024, SENT_MAX = 1024, ID_MAX = 64 };

void
record_open(struct record *r, const char *sent, const char *counts)
{
	int fd;

	memset(r, 0, sizeof(*r));
	r->sent.fd = -1;
	r->counts_file = counts;
	r->written.open = -1;
	record_counts(r);
	if (sent == NULL)
		return;
	fd = open(sent, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd == -1)
		die(STATUS_USAGE, "cannot open '%s': %s", sent,
		    strerror(errno));
	if (out_open(&r->sent, fd, SENT_BLOCK) == -1)
		die(STATUS_FAILED, "out of memory");
}

static void
log_line(struct record *r, int64_t now, int64_t conn, struct slice channel,
    struct slice id)
{
	char *p;

	if (r->sent.fd == -1)
		return;
	if (id.len > ID_MAX)
		id.len = ID_MAX;
	p = out_reserve(&r->sent, SENT_MAX);
	p = json_raw(p, SLICE("{\"ts\":"));
	p = json_int(p, now);
	p = json_raw(p, SLICE(",\"conn\":"));
	p = json_int(p, conn);
	p = json_raw(p, SLICE(",\"channel\":\""));
	p = json_raw(p, channel);
	p = json_raw(p, SLICE("\",\"id\":"));
	p = json_string(p, id);
	p = json_raw(p, SLICE("}\n"));
	out_commit(&r->sent, p);
}

void
record_sent(struct record *r, int64_t now, unsigned conn, struct slice channel,
    struct slice id)
{
	r->counts.lines++;
	log_line(r, now, conn, channel, id);
}

void
record_unheard(struct record *r, int64_t now, struct slice channel,
    struct slice id)
{
	r->counts.unheard++;
	log_line(r, now, -1, channel, id);
}

void
record_flush(struct record *r)
{
	if (r->sent.fd != -1)
		out_flush(&r->sent);
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
	record_counts(r);
	return r->sent.fd != -1 ? out_close(&r->sent) : 0;
}
