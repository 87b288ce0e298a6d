/*
 * twitch-sim: a stand-in for Twitch's chat servers, for tests, benches and
 * the demonstration.
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
