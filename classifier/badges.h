#ifndef CLASSIFIER_BADGES_H
#define CLASSIFIER_BADGES_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

/* Some fields of an event are badges; Twitch shows three of one user's. */
enum { BADGES_FIELDS = 4, BADGES_MAX = 32 };

struct badges {
	size_t count;
	struct badge {
		struct slice set, version; /* escapes as they stand */
	} badge[BADGES_MAX];
};

/*
 * Read a badges tag, set/version,set/version,… (the version may hold slashes).
 * False when something in it is not carried: a part without a slash or a set,
 * a second one of a set, or more than BADGES_MAX. Reads CHUNK bytes past the
 * end.
 */
bool badges_read(struct badges *b, struct slice tag);

#endif
