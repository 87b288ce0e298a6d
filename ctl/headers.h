#ifndef CTL_HEADERS_H
#define CTL_HEADERS_H

#include <stdbool.h>

#include "status.h"

/*
 * The headers that Helix wants, from twitch-oauth(1), which alone knows
 * tokens and secrets.
 */
enum { HEADERS_MAX = 4, HEADERS_BYTES = 4096 };

struct headers {
	char text[HEADERS_BYTES];
	const char *lines[HEADERS_MAX + 1]; /* in text; the last is NULL */
};

/*
 * Ask for the headers of an account, or of the application when it is NULL;
 * `refused` says that those given before were. Returns STATUS_OK, or the
 * status that twitch-oauth ended with, which has said why.
 */
enum status headers_get(struct headers *headers, const char *account,
    bool refused);

/* Wipe. */
void headers_forget(struct headers *headers);

#endif
