#ifndef PUBLISHER_RECORD_MOMENT_H
#define PUBLISHER_RECORD_MOMENT_H

#include <stdint.h>

#include "members.h"

/* When an event happened, by its own members. */
struct moment {
	int timestamp, received; /* indices into members */
};

/* Want the members. Returns 0, or -1 when there are too many already. */
int moment_open(struct moment *w, struct members *members);

/*
 * When the record that members_find last saw was sent, else when it was
 * received, in Unix ms; -1 when it does not say.
 */
int64_t moment_of(const struct moment *w, const struct members *members);

#endif
