#include "dispatch.h"

#include "clock.h"
#include "log.h"

enum { COMMAND_MAX = 8 + RECONCILE_BATCH * (CHANNEL_MAX + 2) };

/* COMMAND #a,#b,… */
static void
send_list(struct client *client, struct slice command,
    struct channel *const *channels, unsigned n)
{
	struct slot *slot = slot_of(client);
	char line[COMMAND_MAX], *p = line;

	memcpy(p, command.p, command.len);
	p += command.len;
	for (unsigned i = 0; i < n; i++) {
		size_t len = strlen(channels[i]->name);

		*p++ = i == 0 ? ' ' : ',';
		*p++ = '#';
		memcpy(p, channels[i]->name, len);
		p += len;
	}
	*p++ = '\r';
	*p++ = '\n';
	conn_send(&slot->conn, (struct slice){line, (size_t)(p - line)});
	client->busy = conn_busy(&slot->conn);
}

static void
join(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	send_list(client, SLICE("JOIN"), channels, n);
}

static void
part(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	send_list(client, SLICE("PART"), channels, n);
}

static void
joined(void *arg, struct client *client, const struct channel *channel)
{
	feed_joined(arg, slot_of(client)->number, channel->name, channel->id);
}

static void
parted(void *arg, struct client *client, const struct channel *channel,
    const char *reason)
{
	feed_parted(arg, slot_of(client)->number, channel->name, reason);
}

static void
refused(void *arg, struct client *client, const struct channel *channel)
{
	static struct log_limit limit;
	unsigned long held;

	feed_refused(arg, slot_of(client)->number, channel->name,
	    channel->reason);
	if (log_limit(&limit, &held))
		log_warn("channel '%s' is refused: %s", channel->name,
		    channel->reason);
}

static void
gap(void *arg, struct channel *channel, int64_t from, int64_t to,
    const char *reason)
{
	struct feed *feed = arg;
	int64_t skew = feed->now - clock_mono();

	gaps_hole(&feed->gaps, channel, from + skew, to + skew, reason);
}

static void
forgotten(void *arg, struct channel *channel)
{
	struct feed *feed = arg;

	gaps_forget(&feed->gaps, channel);
}

static void
mute(void *arg, struct client *client)
{
	(void)arg;
	conn_end(&slot_of(client)->conn, CONN_MUTE,
	    "commands are not answered");
}

static void
left(void *arg, struct client *client)
{
	(void)arg;
	conn_end(&slot_of(client)->conn, CONN_LEFT, "replaced by another");
}

const struct reconcile_hooks dispatch_hooks = {.join = join,
    .part = part,
    .joined = joined,
    .parted = parted,
    .refused = refused,
    .gap = gap,
    .forgotten = forgotten,
    .mute = mute,
    .left = left};

/* NOTICEs that refuse a JOIN, by their msg-id. */
static const char *
refusal(struct slice id)
{
	static const char *const ids[] = {"msg_banned", "msg_channel_blocked",
	    "msg_channel_suspended", "msg_room_not_found", "tos_ban"};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (slice_eq(id, slice_of(ids[i])))
			return ids[i];
	return NULL;
}

static void
see_notice(struct slot *slot, const struct peek *peek, struct slice channel)
{
	struct reconcile *r = slot->pool->reconcile;
	struct slice id = peek_tag(peek, SLICE("msg-id"));
	const char *reason = refusal(id);

	if (reason != NULL)
		reconcile_refused(r, &slot->client, channel, reason,
		    clock_mono());
	else if (slice_eq(id, SLICE("msg_concurrent_channel_limit_reached")))
		reconcile_full(r, &slot->client, channel, clock_mono());
}

void
dispatch_line(struct slot *slot, struct slice line, const struct peek *peek)
{
	struct reconcile *r = slot->pool->reconcile;
	struct slice name = peek_channel(peek->param[0]);
	struct channel *channel = channels_find(&r->channels, name);

	slot->pool->feed->now = slot->conn.heard_wall;
	feed_line(slot->pool->feed, slot->number, line, channel);
	r->changed = true;
	if (channel != NULL) {
		channel->last_line = slot->conn.heard_wall;
		channel->lines++;
	}
	switch (peek->command) {
	case PEEK_ROOMSTATE:
		reconcile_roomstate(r, &slot->client, name,
		    peek_tag(peek, SLICE("room-id")), clock_mono());
		break;
	case PEEK_ENDOFNAMES:
		reconcile_names(r, &slot->client, peek_channel(peek->param[1]),
		    clock_mono());
		break;
	case PEEK_PART:
		if (slice_eq(peek->nick, slice_of(slot->conn.nick)))
			reconcile_parted(r, &slot->client, name, clock_mono());
		break;
	case PEEK_NOTICE:
		see_notice(slot, peek, name);
		break;
	case PEEK_RECONNECT:
		slot_replace(slot, RECONNECT_SERVER);
		break;
	default:
		break;
	}
}
