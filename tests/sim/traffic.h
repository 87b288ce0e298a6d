#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include <stdbool.h>

#include "chat.h"
#include "config.h"
#include "pace.h"

/* What is said in the rooms: synthetic chat, and the replay of a file. */

struct sim;

struct traffic {
	struct chat *chat;
	struct pace chat_pace;
	bool paused;
};

void traffic_open(struct traffic *t, const struct config *config);
void traffic_close(struct traffic *t);

/*
 * Say what is due, but only a little at a time, so that it can be written
 * before more is made. Returns how long until more is due, in ms, at most
 * limit.
 */
int traffic_run(struct sim *sim, int limit);

/* Send one line to all members of a room. */
void traffic_send(const struct room *room, const struct chat_line *line);

#endif
