#include "traffic.h"

#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "sim.h"

enum { LINES_AT_ONCE = 256 };

void
traffic_open(struct traffic *t, const struct config *config)
{
	/* Never the same ids twice, unless it is asked for. */
	int64_t seed = clock_wall() << 20 ^ getpid();

	t->chat = chat_new((uint64_t)(config->seed > 0 ? config->seed : seed));
	t->chat_pace.rate = config->chat;
	t->paused = config->paused;
}

void
traffic_close(struct traffic *t)
{
	chat_free(t->chat);
}

void
traffic_send(const struct room *room, const struct chat_line *line)
{
	for (size_t i = 0; i < room->count; i++)
		client_chat(room->members[i], room, line);
}

static void
run_chat(struct sim *sim, int64_t now)
{
	struct traffic *t = &sim->traffic;
	int64_t due = pace_due(&t->chat_pace);

	if (due > LINES_AT_ONCE)
		due = LINES_AT_ONCE;
	for (int64_t i = 0; i < due; i++) {
		struct room *room = chat_room(t->chat, &sim->rooms);
		struct chat_line line = chat_next(t->chat, room, now);

		traffic_send(room, &line);
	}
	pace_take(&t->chat_pace, due);
}

int
traffic_run(struct sim *sim, int limit)
{
	struct traffic *t = &sim->traffic;
	int wait;

	if (t->paused || sim->rooms.count == 0 || sim->clogged > 0) {
		pace_rest(&t->chat_pace);
		return limit;
	}
	run_chat(sim, clock_wall());
	wait = pace_wait(&t->chat_pace);
	return wait >= 0 && wait < limit ? wait : limit;
}
