#ifndef OAUTH_STATE_H
#define OAUTH_STATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The `state` of the authorization-code flow (RFC 6749, 10.12): what makes a
 * callback one that this server sent somebody to Twitch for. Each is random,
 * good for one callback, and for ten minutes. When the table is full the
 * oldest is forgotten. Zero-initialise it.
 */
enum { STATE_LEN = 32, STATE_TABLE = 64, STATE_LIFE_MS = 10 * 60 * 1000 };

struct states {
	struct {
		char text[STATE_LEN + 1];
		int64_t until; /* on clock_mono(); 0: free */
	} table[STATE_TABLE];
};

/* A new state. Returns 0, or -1 when there is no randomness to be had. */
int states_new(struct states *states, char text[STATE_LEN + 1]);

/* True, once, for a state that was given out and is not over. */
bool states_take(struct states *states, const char *text);

#endif
