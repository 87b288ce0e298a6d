#include "feed.h"

#include "json.h"
#include "log.h"

enum {
	RESERVED = 256 * 1024, /* for all but lines */
	RECORD_MAX = 4096,     /* the longest of them */
	FIXED_MAX = 128        /* of a line record, beside its line */
};

void
feed_open(struct feed *feed, struct output *out)
{
	*feed = (struct feed){.out = out};
}

static void
drop(struct feed *feed)
{
	if (!feed->dropping) {
		feed->dropping = true;
		feed->dropping_since = feed->now;
		feed->dropped_now = 0;
		log_warn("the buffer is full, lines are left out: "
			 "the next stage is too slow (see --buffer)");
	}
	feed->dropped_now++;
	feed->dropped++;
}

void
feed_line(struct feed *feed, unsigned conn, struct slice line)
{
	char *p = NULL;

	if (!feed->dropping)
		p = output_reserve(feed->out,
		    JSON_STRING_MAX(line.len) + FIXED_MAX + RESERVED);
	if (p == NULL) {
		drop(feed);
		return;
	}
	p = json_raw(p, SLICE("{\"ts\":"));
	p = json_int(p, feed->now);
	p = json_raw(p, SLICE(",\"conn\":"));
	p = json_int(p, conn);
	p = json_raw(p, SLICE(",\"line\":"));
	p = json_string(p, line);
	p = json_raw(p, SLICE("}\n"));
	output_commit(feed->out, p);
	feed->lines++;
}

static char *
put_int(char *p, struct slice key, int64_t v)
{
	return json_int(json_raw(p, key), v);
}

static char *
put_string(char *p, struct slice key, const char *v)
{
	if (v == NULL || *v == '\0')
		return p;
	return json_string(json_raw(p, key), slice_of(v));
}

/* What a lifecycle record may hold; a negative number is left out. */
struct fields {
	int64_t conn, from, to, delay, lines;
	const char *account, *channel, *channel_id, *reason;
};

#define NO_NUMBERS .conn = -1, .from = -1, .to = -1, .delay = -1, .lines = -1

static void
record(struct feed *feed, const char *event, const struct fields *f)
{
	char *p = output_reserve(feed->out, RECORD_MAX);

	if (p == NULL) {
		drop(feed);
		return;
	}
	p = put_int(p, SLICE("{\"ts\":"), feed->now);
	if (f->conn >= 0)
		p = put_int(p, SLICE(",\"conn\":"), f->conn);
	p = put_string(p, SLICE(",\"event\":"), event);
	p = put_string(p, SLICE(",\"account\":"), f->account);
	p = put_string(p, SLICE(",\"channel\":"), f->channel);
	p = put_string(p, SLICE(",\"channel_id\":"), f->channel_id);
	if (f->from >= 0)
		p = put_int(p, SLICE(",\"from\":"), f->from);
	if (f->to >= 0)
		p = put_int(p, SLICE(",\"to\":"), f->to);
	if (f->delay >= 0)
		p = put_int(p, SLICE(",\"delay\":"), f->delay);
	p = put_string(p, SLICE(",\"reason\":"), f->reason);
	if (f->lines >= 0)
		p = put_int(p, SLICE(",\"lines\":"), f->lines);
	output_commit(feed->out, json_raw(p, SLICE("}\n")));
}

void
feed_connected(struct feed *feed, unsigned conn, const char *account)
{
	struct fields f = {NO_NUMBERS, .account = account};

	f.conn = conn;
	record(feed, "connected", &f);
}

void
feed_disconnected(struct feed *feed, unsigned conn, const char *reason)
{
	struct fields f = {NO_NUMBERS, .reason = reason};

	f.conn = conn;
	record(feed, "disconnected", &f);
}

void
feed_reconnecting(struct feed *feed, unsigned conn, int64_t delay,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .reason = reason};

	f.conn = conn;
	f.delay = delay;
	record(feed, "reconnecting", &f);
}

void
feed_joined(struct feed *feed, unsigned conn, const char *channel,
    const char *channel_id)
{
	struct fields f = {
	    NO_NUMBERS, .channel = channel, .channel_id = channel_id};

	f.conn = conn;
	record(feed, "joined", &f);
}

void
feed_parted(struct feed *feed, unsigned conn, const char *channel,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .channel = channel, .reason = reason};

	f.conn = conn;
	record(feed, "parted", &f);
}

void
feed_refused(struct feed *feed, unsigned conn, const char *channel,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .channel = channel, .reason = reason};

	f.conn = conn;
	record(feed, "refused", &f);
}

void
feed_gap(struct feed *feed, const char *channel, int64_t from, int64_t to,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .channel = channel, .reason = reason};

	f.from = from;
	f.to = to;
	feed->gaps++;
	record(feed, "gap", &f);
}

void
feed_recover(struct feed *feed)
{
	struct fields f = {NO_NUMBERS, .reason = "overflow"};

	if (!feed->dropping || feed->out->len > feed->out->size / 2)
		return;
	f.from = feed->dropping_since;
	f.to = feed->now;
	f.lines = (int64_t)feed->dropped_now;
	feed->dropping = false;
	record(feed, "gap", &f);
	feed->gaps++;
	log_warn("lines are passed on again; %llu were left out",
	    (unsigned long long)f.lines);
}
