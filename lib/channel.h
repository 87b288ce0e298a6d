#ifndef LIB_CHANNEL_H
#define LIB_CHANNEL_H

#include "slice.h"

enum {
	CHANNEL_MAX = 25,         /* the longest login that Twitch gives */
	CHANNEL_SET_MAX = 1000000 /* channels in a set */
};

/*
 * A channel name as a person types it, made canonical: one leading # taken
 * off, letters lower-cased, and then ^[a-z0-9_]{1,25}$. Writes the name and
 * a NUL to out and returns its length, or returns -1 when it is no channel
 * name; out is then untouched.
 */
int channel_name(struct slice typed, char out[CHANNEL_MAX + 1]);

#endif
