#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include <stdbool.h>

#include "buffer.h"
#include "chat.h"
#include "config.h"
#include "late.h"
#include "pace.h"
#include "replay.h"

/* What is said in the rooms: synthetic chat, and the replay of a file. */

struct sim;

struct traffic {
	struct chat *chat;
	struct replay replay;
	struct pace chat_pace, replay_pace;
	bool spread;         /* the replay goes to the joined rooms in turn, */
	size_t turn;         /* now to this one, */
	struct buffer moved; /* with the room's name and an id of its own */
	bool paused;

	unsigned duplicate, reorder; /* per cent of the lines */
	struct late late;
};

void traffic_open(struct traffic *t, const struct config *config,
    uint64_t seed);
void traffic_close(struct traffic *t);

/*
 * Say what is due, but only a little at a time, so that it can be written
 * before more is made. Returns how long until more is due, in ms, at most
 * limit. Time stands still while nobody has joined anything.
 */
int traffic_run(struct sim *sim, int limit);

/*
 * Send a line to all members of a room; later, or again, if --reorder and
 * --duplicate want it. With --unheard, what nobody hears is recorded.
 */
void traffic_send(struct sim *sim, struct room *room,
    const struct chat_line *line);

/*
 * Send an IRC line as it stands to the members of the room of its channel.
 * False when it has no channel.
 */
bool traffic_send_raw(struct sim *sim, struct slice text);

#endif
