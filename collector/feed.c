#include "feed.h"

#include "clock.h"
#include "json.h"
#include "lines.h"
#include "log.h"

enum {
	RESERVED = 256 * 1024, /* for all but lines */
	RECORD_MAX = 4096,     /* the longest of them */
	FIXED_MAX = 128,       /* of a line record, beside its line */
	/* Of line records, for each byte received: the shortest line is one
	   byte and its end. */
	PER_BYTE = (JSON_STRING_MAX(1) - JSON_SLACK + FIXED_MAX) / 2
};

void
feed_open(struct feed *feed, struct output *out)
{
	*feed = (struct feed){.out = out, .now = clock_wall()};
	feed->passed_on = feed->mark_now = feed->now;
	gaps_open(&feed->gaps, feed);
}

static void
drop(struct feed *feed, struct channel *channel)
{
	if (!feed->dropping) {
		feed->dropping = true;
		feed->dropped_now = 0;
		log_warn("the buffer is full, lines are left out: "
			 "the next stage is too slow (see --buffer)");
	}
	feed->dropped_now++;
	feed->dropped++;
	gaps_line(&feed->gaps, channel);
}

void
feed_line(struct feed *feed, unsigned conn, struct slice line,
    struct channel *channel)
{
	char *p = NULL;

	if (!feed->dropping)
		p = output_reserve(feed->out,
		    JSON_STRING_MAX(line.len) + FIXED_MAX + RESERVED);
	if (p == NULL) {
		drop(feed, channel);
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

/* False when there is no room. */
static bool
record(struct feed *feed, const char *event, const struct fields *f)
{
	char *p = output_reserve(feed->out, RECORD_MAX);

	if (p == NULL)
		return false;
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
	return true;
}

static void
say(struct feed *feed, const char *event, const struct fields *f)
{
	if (!record(feed, event, f))
		drop(feed, NULL);
}

void
feed_connected(struct feed *feed, unsigned conn, const char *account)
{
	struct fields f = {NO_NUMBERS, .account = account};

	f.conn = conn;
	say(feed, "connected", &f);
}

void
feed_disconnected(struct feed *feed, unsigned conn, const char *reason)
{
	struct fields f = {NO_NUMBERS, .reason = reason};

	f.conn = conn;
	say(feed, "disconnected", &f);
}

void
feed_reconnecting(struct feed *feed, unsigned conn, int64_t delay,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .reason = reason};

	f.conn = conn;
	f.delay = delay;
	say(feed, "reconnecting", &f);
}

void
feed_joined(struct feed *feed, unsigned conn, const char *channel,
    const char *channel_id)
{
	struct fields f = {
	    NO_NUMBERS, .channel = channel, .channel_id = channel_id};

	f.conn = conn;
	say(feed, "joined", &f);
}

void
feed_parted(struct feed *feed, unsigned conn, const char *channel,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .channel = channel, .reason = reason};

	f.conn = conn;
	say(feed, "parted", &f);
}

void
feed_refused(struct feed *feed, unsigned conn, const char *channel,
    const char *reason)
{
	struct fields f = {NO_NUMBERS, .channel = channel, .reason = reason};

	f.conn = conn;
	say(feed, "refused", &f);
}

bool
feed_gap(struct feed *feed, const struct gap *gap)
{
	struct fields f = {
	    NO_NUMBERS, .channel = gap->channel, .reason = gap->reason};

	f.from = gap->from;
	f.to = gap->to;
	if (gap->lines > 0)
		f.lines = (int64_t)gap->lines;
	return record(feed, "gap", &f);
}

size_t
feed_fits(size_t room)
{
	/* A line may have begun before. */
	size_t kept = RESERVED + FIXED_MAX + JSON_STRING_MAX(LINES_MAX);

	return room <= kept ? 0 : (room - kept) / PER_BYTE;
}

bool
feed_has_room(const struct feed *feed)
{
	return !feed->dropping && feed->out->len <= feed->out->size / 4 * 3;
}

/* What waits in the buffer keeps its order: it is enough to mark one place. */
static void
note_passed(struct feed *feed)
{
	const struct output *out = feed->out;

	if (out->passed < feed->mark)
		return;
	feed->passed_on = out->len == 0 ? feed->now : feed->mark_now;
	feed->mark = out->passed + out->len;
	feed->mark_now = feed->now;
}

void
feed_flushed(struct feed *feed)
{
	note_passed(feed);
	if (feed->dropping && feed->out->len <= feed->out->size / 2) {
		feed->dropping = false;
		log_warn("lines are passed on again; %llu were left out",
		    (unsigned long long)feed->dropped_now);
	}
	gaps_say(&feed->gaps);
}

bool
feed_end(struct feed *feed)
{
	feed->dropping = false;
	note_passed(feed);
	return gaps_say(&feed->gaps) && feed->out->len == 0;
}
