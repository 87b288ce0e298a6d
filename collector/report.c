#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"
#include "log.h"
#include "memory.h"
#include "stamp.h"

enum {
	HEAD_MAX = 1024,
	CONNECTION_MAX = 512, /* an entry; a name of 25 bytes at most */
	CHANNEL_ENTRY_MAX = 768,
	CHANNELS_AT_ONCE = 256, /* a fraction of a millisecond */
	CONNS_MAX = 8           /* are named; more cannot well be */
};

void
report_open(struct report *report, const char *path)
{
	*report = (struct report){.started = clock_wall()};
	report->path = memory_new(strlen(path) + 1, 1);
	memcpy(report->path, path, strlen(path));
}

void
report_close(struct report *report)
{
	free(report->path);
	free(report->buf);
}

static char *
put_int(char *p, struct slice key, int64_t v)
{
	return json_int(json_raw(p, key), v);
}

static char *
put_string(char *p, struct slice key, const char *v)
{
	return json_string(json_raw(p, key), slice_of(v));
}

static char *
put_head(char *p, const struct report *report, int64_t wall)
{
	char started[STAMP_MAX], updated[STAMP_MAX];

	stamp_write(report->started, started);
	stamp_write(wall, updated);
	p = put_int(p, SLICE("{\"schema\":1,\"pid\":"), getpid());
	p = put_string(p, SLICE(",\n\"updated_at\":"), updated);
	return put_string(p, SLICE(",\n\"started_at\":"), started);
}

/* skew turns clock_mono() into Unix milliseconds. */
static char *
put_connection(char *p, const struct slot *slot, int64_t skew)
{
	const char *account = slot->identity->account;

	p = put_int(p, SLICE("{\"conn\":"), slot->number);
	p = put_string(p, SLICE(",\"identity\":"),
	    account == NULL ? "anonymous" : account);
	p = put_string(p, SLICE(",\"state\":"), slot_state_name(slot));
	p = put_int(p, SLICE(",\"since\":"),
	    (slot->state == SLOT_OPEN ? slot->conn.since : slot->since) + skew);
	if (slot->conn.heard_wall != 0)
		p = put_int(p, SLICE(",\"last_line\":"), slot->conn.heard_wall);
	p = put_int(p, SLICE(",\"channels\":"), slot->client.count);
	return json_raw(p, SLICE("}"));
}

/* The connection that has it, or is to have it; the others after it. */
static char *
put_conns(char *p, const struct channel *ch)
{
	struct slice before = SLICE(",\"conn\":");
	const struct seat *seat;
	unsigned n = 0;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		if (seat->client == NULL || n == CONNS_MAX)
			continue;
		p = put_int(p, before, slot_of(seat->client)->number);
		before = n++ == 0 ? SLICE(",\"also\":[") : SLICE(",");
	}
	return n < 2 ? p : json_raw(p, SLICE("]"));
}

/*
 * Up to when all of the channel's lines have been passed on; 0 when it is not
 * read. A next reader begins its gap here: see resume.h.
 */
static int64_t
complete_until(const struct pool *pool, const struct channel *ch, int64_t skew)
{
	const struct seat *seat;
	int64_t seen = 0;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		int64_t complete;

		if (!seat->in)
			continue;
		complete = slot_of(seat->client)->conn.complete_wall;
		if (complete > seen)
			seen = complete;
	}
	if (ch->lost != 0)
		seen = ch->lost + skew;
	if (!ch->desired || seen == 0)
		return 0;
	return gaps_complete(&pool->feed->gaps, ch, seen);
}

static char *
put_channel(char *p, const struct pool *pool, const struct channel *ch,
    int64_t skew)
{
	int64_t until = complete_until(pool, ch, skew);

	p = put_string(p, SLICE("{\"channel\":"), ch->name);
	p = put_string(p, SLICE(",\"phase\":"), channels_phase_name(ch->phase));
	p = put_int(p, SLICE(",\"since\":"), ch->since + skew);
	p = put_conns(p, ch);
	if (ch->id[0] != '\0')
		p = put_string(p, SLICE(",\"channel_id\":"), ch->id);
	p = put_int(p, SLICE(",\"lines\":"), (int64_t)ch->lines);
	if (ch->last_line != 0)
		p = put_int(p, SLICE(",\"last_line\":"), ch->last_line);
	if (until != 0)
		p = put_int(p, SLICE(",\"complete_until\":"), until);
	if (ch->phase == PHASE_REFUSED)
		p = put_string(p, SLICE(",\"reason\":"), ch->reason);
	return json_raw(p, SLICE("}"));
}

/* Microseconds that the thread has worked. */
static int64_t
work_done(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
make_room(struct report *report, size_t need)
{
	if (need <= report->cap)
		return;
	report->cap = need + need / 4;
	report->buf = memory_grow(report->buf, report->cap, 1);
}

/* It is written, or cannot be. */
static void
end(struct report *report, int result)
{
	report->writing = false;
	if (result == -1 && !report->failing)
		log_warn("cannot write '%s': %s", report->path,
		    strerror(errno));
	report->failing = result == -1;
}

/* All but the channels. */
static void
begin(struct report *report, struct pool *pool)
{
	int64_t wall = clock_wall(), skew;
	struct slice separator = SLICE("\n");
	char *p;

	report->begun = clock_mono();
	report->used = 0;
	skew = wall - report->begun;
	make_room(report, HEAD_MAX + pool->nslots * CONNECTION_MAX);
	p = put_head(report->buf, report, wall);
	p = json_raw(p, SLICE(",\n\"connections\":["));
	for (unsigned i = 0; i < pool->nslots; i++) {
		if (pool->slots[i] == NULL)
			continue;
		p = json_raw(p, separator);
		p = put_connection(p, pool->slots[i], skew);
		separator = SLICE(",\n");
	}
	p = json_raw(p, SLICE("],\n\"channels\":["));
	report->separator = SLICE("\n");
	report->writing = true;
	channels_walk(&pool->reconcile->channels);
	if (atomic_prepare(&report->file, report->path, 0) == -1 ||
	    atomic_add(&report->file,
		(struct slice){report->buf, (size_t)(p - report->buf)}) == -1)
		end(report, -1);
}

/* Some channels; after the last one the file is whole. */
static void
write_on(struct report *report, struct pool *pool)
{
	struct channels *channels = &pool->reconcile->channels;
	int64_t skew = clock_wall() - clock_mono();
	const struct channel *ch = NULL;
	struct slice text;
	char *p;

	make_room(report, HEAD_MAX + CHANNELS_AT_ONCE * CHANNEL_ENTRY_MAX);
	p = report->buf;
	for (int i = 0; i < CHANNELS_AT_ONCE; i++) {
		ch = channels_next(channels);
		if (ch == NULL)
			break;
		p = json_raw(p, report->separator);
		p = put_channel(p, pool, ch, skew);
		report->separator = SLICE(",\n");
	}
	if (ch == NULL)
		p = json_raw(p, SLICE("]}\n"));
	text = (struct slice){report->buf, (size_t)(p - report->buf)};
	if (ch == NULL)
		end(report, atomic_commit(&report->file, text, false));
	else if (atomic_add(&report->file, text) == -1)
		end(report, -1);
}

int64_t
report_run(struct report *report, struct pool *pool, int64_t now)
{
	bool *changed = &pool->reconcile->changed;
	int64_t before = work_done(), pause;

	if (!report->writing && !*changed)
		return TIMERS_NEVER;
	if (!report->writing && now < report->next)
		return report->next;
	if (!report->writing) {
		*changed = false;
		begin(report, pool);
	}
	if (report->writing)
		write_on(report, pool);
	report->used += work_done() - before;
	if (report->writing)
		return now;
	pause = REPORT_SHARE * report->used / 1000;
	report->next =
	    report->begun + (pause > REPORT_PERIOD ? pause : REPORT_PERIOD);
	return *changed ? report->next : TIMERS_NEVER;
}

void
report_write(struct report *report, struct pool *pool)
{
	if (report->writing)
		atomic_abandon(&report->file);
	begin(report, pool);
	while (report->writing)
		write_on(report, pool);
}
