#ifndef COLLECTOR_SETS_H
#define COLLECTOR_SETS_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"

/*
 * Sets of channels that arrive in pieces: begun, added to, committed. Several
 * writers may be at it at the same time, each under an id of its own. One
 * that stops half-way is forgotten after a minute, or when there are too many.
 */
enum {
	SETS_MAX = 8,
	SETS_ID_MAX = 32,
	SETS_TIMEOUT = 60000 /* ms without a word */
};

struct name {
	char text[CHANNEL_MAX + 1];
};

struct set {
	char id[SETS_ID_MAX + 1]; /* empty: not in use */
	struct name *names;
	size_t n, cap;
	int64_t touched;
};

struct sets {
	struct set set[SETS_MAX];
};

void sets_close(struct sets *sets);

/*
 * Begin one under this id, anew if there is one. NULL when it is no id: 1 to
 * 32 letters, digits, dots, dashes and underscores.
 */
struct set *sets_begin(struct sets *sets, struct slice id, int64_t now);

/* The one with this id, or NULL. */
struct set *sets_find(struct sets *sets, struct slice id, int64_t now);

/* Add a canonical name. False when it has CHANNEL_SET_MAX already. */
bool sets_add(struct set *set, const char *name);

/* It is done with. */
void sets_end(struct set *set);

#endif
