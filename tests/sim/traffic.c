#include "traffic.h"

#include "client.h"
#include "clock.h"
#include "message.h"
#include "sim.h"

enum { LINES_AT_ONCE = 256 };

void
traffic_open(struct traffic *t, const struct config *config, uint64_t seed)
{
	t->chat = chat_new(seed);
	t->chat_pace.rate = config->chat;
	t->paused = config->paused;
	t->duplicate = (unsigned)config->duplicate;
	t->reorder = (unsigned)config->reorder;
	if (config->replay == NULL)
		return;
	replay_open(&t->replay, config->replay, config->loop);
	t->replay_pace.rate = config->rate;
	t->spread = config->spread;
}

void
traffic_close(struct traffic *t)
{
	chat_free(t->chat);
	replay_close(&t->replay);
	buffer_free(&t->moved);
	late_free(&t->late);
}

static void
send_now(struct sim *sim, const struct room *room, const struct chat_line *line)
{
	bool heard = false;

	for (size_t i = 0; i < room->count; i++)
		heard |= client_chat(room->members[i], room, line);
	if (!heard && sim->config->unheard && room->state == ROOM_OPEN)
		record_unheard(&sim->record,
		    &(struct record_line){.now = line->now,
			.channel = room->name_slice,
			.id = line->id,
			.text = line->text});
}

static void
send_late(struct sim *sim, bool all)
{
	const struct late_line *l;

	while ((l = late_take(&sim->traffic.late, all)) != NULL) {
		struct chat_line line = l->line;

		line.now = clock_wall();
		send_now(sim, l->room, &line);
	}
}

void
traffic_send(struct sim *sim, struct room *room, const struct chat_line *line)
{
	struct traffic *t = &sim->traffic;
	bool again = draw_chance(&sim->draw, 10 * t->duplicate);
	bool later = draw_chance(&sim->draw, 10 * t->reorder);

	if (!later || !late_keep(&t->late, &sim->draw, room, line))
		send_now(sim, room, line);
	if (again)
		late_keep(&t->late, &sim->draw, room, line);
	late_count(&t->late);
	send_late(sim, false);
}

/* A parsed line as it stands. */
static struct chat_line
line_of(const struct message *m, int64_t now)
{
	return (struct chat_line){.text = m->line,
	    .untagged = m->untagged,
	    .id = message_tag(m, SLICE("id")),
	    .now = now,
	    .needs_commands = !slice_eq(m->command, SLICE("PRIVMSG")) &&
		!slice_eq(m->command, SLICE("NOTICE"))};
}

bool
traffic_send_raw(struct sim *sim, struct slice text)
{
	struct slice channel;
	struct chat_line line;
	struct room *room;
	struct message m;

	if (!message_parse(&m, text))
		return false;
	channel = message_channel(&m);
	if (channel.p == NULL)
		return false;
	room = room_find(&sim->rooms, channel);
	if (room == NULL)
		return true;
	line = line_of(&m, clock_wall());
	traffic_send(sim, room, &line);
	return true;
}

/*
 * Put b where a stands in the line, behind `from'; what comes before a is
 * added as it is.
 */
static const char *
replace(struct buffer *to, const char *from, struct slice a, struct slice b)
{
	if (a.len == 0 || a.p < from)
		return from;
	buffer_append(to, from, (size_t)(a.p - from));
	buffer_append(to, b.p, b.len);
	return a.p + a.len;
}

/* Send a line to the room whose turn it is, as if it had been said there. */
static void
send_in_turn(struct sim *sim, struct slice text, int64_t now)
{
	struct traffic *t = &sim->traffic;
	struct room *room = sim->rooms.joined[t->turn++ % sim->rooms.count];
	struct buffer *moved = &t->moved;
	const char *rest = text.p;
	char id[UUID_LEN + 1];
	struct chat_line line;
	struct message m;

	if (!message_parse(&m, text) || message_channel(&m).p == NULL)
		return;
	line = line_of(&m, now);
	draw_uuid(&sim->draw, id);
	buffer_consume(moved, buffer_len(moved));
	rest = replace(moved, rest, line.id, slice_of(id));
	rest = replace(moved, rest, message_tag(&m, SLICE("room-id")),
	    room->id_slice);
	line.untagged += buffer_len(moved);
	line.untagged -= (size_t)(rest - text.p);
	rest = replace(moved, rest, message_channel(&m), room->name_slice);
	buffer_append(moved, rest, (size_t)(text.p + text.len - rest));
	line.text = (struct slice){buffer_head(moved), buffer_len(moved)};
	if (line.id.len > 0)
		line.id = slice_of(id);
	traffic_send(sim, room, &line);
}

static int64_t
due(struct pace *pace)
{
	int64_t n = pace_due(pace);

	return n < LINES_AT_ONCE ? n : LINES_AT_ONCE;
}

static void
run_chat(struct sim *sim, int64_t now)
{
	struct traffic *t = &sim->traffic;
	int64_t n = due(&t->chat_pace);

	for (int64_t i = 0; i < n; i++) {
		struct room *room = chat_room(t->chat, &sim->rooms);
		struct chat_line line = chat_next(t->chat, room, now);

		traffic_send(sim, room, &line);
	}
	pace_take(&t->chat_pace, n);
}

static void
run_replay(struct sim *sim, int64_t now)
{
	struct traffic *t = &sim->traffic;
	int64_t n = due(&t->replay_pace);
	struct slice text;

	for (int64_t i = 0; i < n; i++) {
		if (!replay_next(&t->replay, &text))
			t->replay_pace.rate = 0; /* it is over */
		else if (t->spread)
			send_in_turn(sim, text, now);
		else
			traffic_send_raw(sim, text);
	}
	pace_take(&t->replay_pace, n);
}

/* The sooner of two waits, of which -1 is for ever. */
static int
sooner(int a, int b)
{
	return a == -1 || (b != -1 && b < a) ? b : a;
}

int
traffic_run(struct sim *sim, int limit)
{
	struct traffic *t = &sim->traffic;
	int64_t now = clock_wall();

	if (t->paused || sim->rooms.count == 0 || sim->clogged > 0) {
		send_late(sim, true);
		pace_rest(&t->chat_pace);
		pace_rest(&t->replay_pace);
		return limit;
	}
	run_chat(sim, now);
	run_replay(sim, now);
	return sooner(limit,
	    sooner(pace_wait(&t->chat_pace), pace_wait(&t->replay_pace)));
}
