#include "gaps.h"

#include <stddef.h>
#include <string.h>

#include "channels.h"
#include "feed.h"

const char *const gaps_reasons[GAPS_REASONS] = {
    "disconnected", "overflow", "parted", "refused", "restarted"};

void
gaps_open(struct gaps *g, struct feed *feed)
{
	*g = (struct gaps){.feed = feed};
	TAILQ_INIT(&g->waiting);
}

/* What was said last is no longer in the buffer. */
static bool
has_left(const struct gaps *g, const struct gap *gap)
{
	return g->feed->out->passed >= gap->said;
}

/* Lines of the channel are missing between these times. */
static void
add(struct gaps *g, struct gap *gap, const char *channel, int64_t from,
    int64_t to, const char *reason)
{
	if (!gap->waits) {
		if (has_left(g, gap))
			gap->floor = from;
		gap->channel = channel;
		gap->from = from;
		gap->to = to;
		gap->lines = 0;
		gap->reason = reason;
		gap->waits = true;
		TAILQ_INSERT_TAIL(&g->waiting, gap, link);
	}
	if (from < gap->from)
		gap->from = from;
	if (from < gap->floor)
		gap->floor = from;
	if (to > gap->to)
		gap->to = to;
}

void
gaps_line(struct gaps *g, struct channel *channel)
{
	struct gap *gap = &g->other;

	if (channel != NULL)
		gap = &channel->gaps.overflow;
	add(g, gap, channel == NULL ? NULL : channel->name, g->feed->now,
	    g->feed->now, "overflow");
	gap->lines++;
}

/* False when there is no room. */
static bool
say(struct gaps *g, struct gap *gap)
{
	if (!feed_gap(g->feed, gap))
		return false;
	TAILQ_REMOVE(&g->waiting, gap, link);
	gap->waits = false;
	gap->said = g->feed->out->passed + g->feed->out->len;
	for (int i = 0; i < GAPS_REASONS; i++)
		if (strcmp(gaps_reasons[i], gap->reason) == 0) {
			g->counts[i].records++;
			g->counts[i].ms += gap->to - gap->from;
		}
	return true;
}

void
gaps_hole(struct gaps *g, struct channel *channel, int64_t from, int64_t to,
    const char *reason)
{
	add(g, &channel->gaps.hole, channel->name, from, to, reason);
	say(g, &channel->gaps.hole);
}

bool
gaps_say(struct gaps *g)
{
	while (!TAILQ_EMPTY(&g->waiting))
		if (!feed_has_room(g->feed) ||
		    !say(g, TAILQ_FIRST(&g->waiting)))
			return false;
	return true;
}

static void
forget(struct gaps *g, struct gap *gap)
{
	if (!gap->waits || say(g, gap))
		return;
	add(g, &g->other, NULL, gap->from, gap->to, "overflow");
	g->other.lines += gap->lines;
	TAILQ_REMOVE(&g->waiting, gap, link);
}

void
gaps_forget(struct gaps *g, struct channel *channel)
{
	forget(g, &channel->gaps.hole);
	forget(g, &channel->gaps.overflow);
}

static int64_t
before(const struct gaps *g, const struct gap *gap, int64_t until)
{
	if ((gap->waits || !has_left(g, gap)) && gap->floor < until)
		return gap->floor;
	return until;
}

int64_t
gaps_complete(const struct gaps *g, const struct channel *channel, int64_t seen)
{
	if (g->feed->passed_on < seen)
		seen = g->feed->passed_on;
	seen = before(g, &channel->gaps.hole, seen);
	return before(g, &channel->gaps.overflow, seen);
}
