#ifndef COLLECTOR_OPTIONS_H
#define COLLECTOR_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"

/* What the user asked for, with the defaults filled in. */
struct options {
	char **accounts;
	size_t naccounts;
	const char *ca_file;       /* NULL: the system's */
	const char *channel_file;  /* NULL: none; "-": standard input */
	const char *token;         /* $TWITCH_OAUTH_TOKEN, bare; or NULL */
	const char *token_command; /* for sh(1), the account in $1 */
	const char *url;
	int64_t buffer;         /* bytes */
	int64_t open_interval;  /* ms between two connections */
	int64_t token_interval; /* ms between two tokens of an account in use */
	int64_t per_connection;
	unsigned grace;     /* seconds */
	int64_t redundancy; /* connections that each channel is on */
	struct limits limits;
	bool membership;
	bool block; /* when the buffer is full, read nothing */
	char *const *channels;
	int nchannels;
};

/*
 * Read the command line and the environment; exits on -h, -V and mistakes.
 * The strings stay where they are.
 */
void options_read(struct options *o, int argc, char *argv[],
    void (*usage)(int status));

/* Free what options_read has made. */
void options_close(struct options *o);

#endif
