#include <stdio.h>

#include "batch.h"
#include "channel.h"
#include "command.h"
#include "listener.h"
#include "log.h"
#include "quantity.h"
#include "status.h"

/* argv[0] is the command's name here and to the reader. */
static int
send_channels(int argc, char **argv)
{
	char name[CHANNEL_MAX + 1];
	struct batch b;
	int status = STATUS_OK;

	if (argc < 2) {
		log_error("%s: name a channel", argv[0]);
		return COMMAND_MISUSED;
	}
	for (int i = 1; i < argc; i++) {
		if (channel_name(slice_of(argv[i]), name) != -1)
			continue;
		log_error("'%s' is no channel", argv[i]);
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;

	batch_open(&b, argv[0]);
	for (int i = 1; i < argc && status == STATUS_OK; i++) {
		channel_name(slice_of(argv[i]), name);
		status = batch_add(&b, name);
	}
	return status == STATUS_OK ? batch_send(&b) : status;
}

int
command_join(int argc, char **argv)
{
	return send_channels(argc, argv);
}

int
command_part(int argc, char **argv)
{
	return send_channels(argc, argv);
}

int
command_reconnect(int argc, char **argv)
{
	char line[32] = "reconnect\n";
	int64_t conn;

	if (argc > 2) {
		log_error("reconnect: name one connection, or none for all");
		return COMMAND_MISUSED;
	}
	if (argc == 2) {
		if (quantity_number(argv[1], 0, INT32_MAX, &conn) == -1)
			die(STATUS_USAGE, "'%s' is not a connection's number",
			    argv[1]);
		snprintf(line, sizeof(line), "reconnect %d\n", (int)conn);
	}
	return listener_send(slice_of(line));
}
