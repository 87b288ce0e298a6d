/*
 * twitch-sim: a stand-in for Twitch's chat servers, for tests, benches and the
 * demonstration. It listens on 127.0.0.1, speaks IRC over WebSocket as Twitch
 * does, keeps Twitch's limits, and says what it is told to say. `-h' lists its
 * options; a channel, here as there, may be written with a # or without.
 *
 * While it runs, it takes commands on standard input, one a line. CONN is a
 * connection's number, counted from 0 as in --sent, or `any' or `all'; a TIME
 * behind it (5, 5s, 500ms) has each of them hit at some moment within it.
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
 *	ping CONN TIME		PING now
 *	reconnect CONN TIME	RECONNECT, and close after --reconnect-close
 *	drop CONN TIME		close without a close frame
 *	half-open CONN TIME	never read or write it again, and do not close
 *	upgrade ANSWER TIME	answer upgrades so, as --upgrade does: for that
 *				time, or until the next such command
 *	refuse TIME		refuse every connection for that time
 *	quit			close every connection, and end
 *
 * Every chat line sent is in --sent, one JSON object for each connection that
 * it went to: {"ts":MS,"conn":N,"channel":"chess","id":"…"}, the id empty when
 * the line has none; then the "line" follows. A line counts as sent when it is
 * queued, so that what a drop, a half-open or a slow connection loses is in the
 * log. With --unheard so is what is said while nobody is there, with -1 for a
 * connection.
 *
 * In --held is from when to when a connection is in a channel and can hear:
 * {"ts":MS,"conn":N,"channel":"chess","event":"joined"}, or "left".
 *
 * SIGTERM is `quit'. The status is 0, or 1 when a log could not be written.
 */
#include <unistd.h>

#include "clock.h"
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
	sim.rooms.keep = config.unheard;
	opening_open(&sim.opening, &config);
	/* Never the same ids twice, unless it is asked for. */
	sim.draw.state = config.seed > 0 ?
	    (uint64_t)config.seed :
	    (uint64_t)clock_wall() << 20 ^ (uint64_t)getpid();
	traffic_open(&sim.traffic, &config, draw_bits(&sim.draw));
	record_open(&sim.record, &config);

	server_open(&sim);
	server_run(&sim);
	server_close(&sim);

	status = record_close(&sim.record) == 0 ? STATUS_OK : STATUS_FAILED;
	traffic_close(&sim.traffic);
	rooms_free(&sim.rooms);
	accounts_free(&sim.accounts);
	config_free(&config);
	return status;
}
