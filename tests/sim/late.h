#ifndef SIM_LATE_H
#define SIM_LATE_H

#include <stdbool.h>

#include "buffer.h"
#include "chat.h"
#include "draw.h"

/*
 * Lines kept back, to be sent behind some that are said later. Twitch promises
 * neither order nor that a line comes once.
 */
enum { LATE_LINES = 64, LATE_ID_MAX = 64 };

struct late_line {
	bool kept;
	unsigned after; /* so many more lines */
	struct room *room;
	struct chat_line line;
	struct buffer text;
	char id[LATE_ID_MAX];
};

struct late {
	struct late_line lines[LATE_LINES];
	size_t count; /* of those kept */
};

/* Keep a copy of a line. False when there is no place for it. */
bool late_keep(struct late *late, struct draw *d, struct room *room,
    const struct chat_line *line);

/* One more line was sent. */
void late_count(struct late *late);

/*
 * A kept line whose turn has come; with `all' any. It is kept no longer, and
 * borrowed until the next late_keep. NULL if there is none.
 */
const struct late_line *late_take(struct late *late, bool all);

void late_free(struct late *late);

#endif
