#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account.h"
#include "config.h"
#include "draw.h"
#include "opening.h"
#include "record.h"
#include "room.h"
#include "traffic.h"

struct api;
struct client;
struct tls_server;

/* The one simulator: what its parts share. */
struct sim {
	const struct config *config;
	int64_t port;
	int epoll, listener;
	int64_t listen_at;      /* on clock_mono(); 0: it listens */
	struct tls_server *tls; /* NULL: plain */
	struct api *api;        /* NULL: neither OAuth nor Helix */

	struct client **clients;
	size_t count, cap;
	unsigned next_number;
	struct client *dirty; /* have something to write, or are dead */
	size_t clogged;       /* clients with too much unread */

	struct draw draw;
	struct opening opening;
	struct accounts accounts;
	struct rooms rooms;
	struct traffic traffic;
	struct record record;
	bool quit;
};

#endif
