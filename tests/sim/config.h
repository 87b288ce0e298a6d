#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "draw.h"

/* The values of an option that may be given many times. */
struct words {
	char **word;
	unsigned count;
};

/* The command line. Durations are in ms; a NULL text was not given. */
struct config {
	int64_t port;
	bool tls;
	char *cert_file, *url_file;

	int64_t chat, seed;
	char *replay;
	int64_t rate;
	bool loop, spread, paused;
	int64_t lines_per_frame;
	int64_t duplicate, reorder;
	bool unheard;

	struct words accounts;
	char *accounts_file, *refuse;
	int64_t limit_joins, limit_rooms, limit_logins;
	struct words suspended, banned, tos, silent;

	int64_t ping, pong;
	struct range reconnect_close;
	int64_t slow_limit;
	bool patient;
	bool redirect;
	char *upgrade;

	char *sent, *held, *counts;

	char *api_url_file;
	struct words clients;
};

/*
 * Read the command line; -h, -V and wrong usage end the program. config
 * borrows argv.
 */
void config_parse(struct config *config, int argc, char **argv);

/* Free the lists; the words in them are argv's. */
void config_free(struct config *config);

#endif
