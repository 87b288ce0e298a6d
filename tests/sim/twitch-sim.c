/*
 * twitch-sim: a stand-in for Twitch's chat servers, for tests, benches and the
 * demonstration. It listens on 127.0.0.1, speaks IRC over WebSocket as Twitch
 * does, keeps Twitch's limits, and says what it is told to say. `-h' lists its
 * options; a channel, here as there, may be written with a # or without.
 *
 * While it runs, it takes commands on standard input, one a line. CONN is a
 * connection's number, counted from 0 as in --sent, or `all'.
 *
 *	pause			stop synthetic chat and replay
 *	resume			go on
 *	say CHANNEL TEXT	a message of some invented user
 *	notice CHANNEL ID TEXT	a NOTICE with this msg-id
 *	line IRC LINE		as it stands, to who has joined its channel
 *	part CHANNEL		put everybody out, with a PART
 *	ban CHANNEL		the same, and refuse whoever joins
 *	suspend CHANNEL		put everybody out, with the NOTICE that every
 *				JOIN gets from then on
 *	silence CHANNEL		nothing more, and no answer to a JOIN
 *	open CHANNEL		take the last three back
 *	ping [CONN]		PING now
 *	reconnect [CONN]	RECONNECT, and close after --reconnect-close
 *	drop CONN		close without a close frame
 *	half-open CONN		never read or write it again, and do not close
 *	quit			close every connection, and end
 *
 * Every chat line sent is in --sent, one JSON object for each connection that
 * it went to: {"ts":MS,"conn":N,"channel":"chess","id":"…"}, the id empty when
 * the line has none. A line counts as sent when it is queued, so that what a
 * drop, a half-open or a slow connection loses is in the log.
 *
 * SIGTERM is `quit'. The status is 0, or 1 when --sent could not be written.
 */
#include "config.h"
#include "log.h"
#include "server.h"
#include "sim.h"
#include "status.h"
#include "stop.h"

enum { GRACE = 10 };

/* Give the channels of an option their state. */
static void
set_states(struct rooms *rooms, const struct words *names,
    enum room_state state)
{
	char name[CHANNEL_MAX + 1];

	for (unsigned i = 0; i < names->count; i++) {
		if (channel_name(slice_of(names->word[i]), name) == -1)
			die(STATUS_USAGE, "not a channel: '%s'",
			    names->word[i]);
		room_get(rooms, slice_of(name))->state = state;
	}
}

int
main(int argc, char **argv)
{
	static struct sim sim;
	struct config config;
	int status;

	log_open("twitch-sim");
	config_parse(&config, argc, argv);
	stop_on_signals(GRACE);

	sim.config = &config;
	accounts_load(&sim.accounts, &config);
	set_states(&sim.rooms, &config.suspended, ROOM_SUSPENDED);
	set_states(&sim.rooms, &config.banned, ROOM_BANNED);
	set_states(&sim.rooms, &config.tos, ROOM_TOS);
	set_states(&sim.rooms, &config.silent, ROOM_SILENT);
	traffic_open(&sim.traffic, &config);
	record_open(&sim.record, config.sent, config.counts);

	server_open(&sim);
	server_run(&sim);
	server_close(&sim);

	status = record_close(&sim.record) == 0 ? STATUS_OK : STATUS_FAILED;
	traffic_close(&sim.traffic);
	rooms_free(&sim.rooms);
	accounts_free(&sim.accounts);
	return status;
}
