#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "channel.h"
#include "command.h"
#include "listener.h"
#include "log.h"
#include "status.h"

/*
 * A command for many channels in as few lines as PIPE_BUF allows, each sent
 * by itself: every line is a whole command, and other writers' lines may come
 * between.
 */
struct batch {
	char text[PIPE_BUF];
	size_t verb, len; /* bytes of the command's name; of all */
};

/* Send what was added. Returns an exit status. */
static int
batch_send(struct batch *b)
{
	size_t len = b->len;

	if (len == b->verb)
		return STATUS_OK;
	b->text[len++] = '\n';
	b->len = b->verb;
	return listener_send((struct slice){b->text, len});
}

static int
batch_add(struct batch *b, const char *name, size_t len)
{
	/* A blank before it and a LF after it. */
	if (b->len + len + 2 > sizeof(b->text)) {
		int status = batch_send(b);

		if (status != STATUS_OK)
			return status;
	}
	b->text[b->len++] = ' ';
	memcpy(b->text + b->len, name, len);
	b->len += len;
	return STATUS_OK;
}

/* argv[0] is the command's name here and to the reader. */
static int
send_channels(int argc, char **argv)
{
	char name[CHANNEL_MAX + 1];
	struct batch b;
	int status = STATUS_OK;

	if (argc < 2)
		return COMMAND_MISUSED;
	for (int i = 1; i < argc; i++) {
		if (channel_name(slice_of(argv[i]), name) != -1)
			continue;
		log_error("'%s' is no channel", argv[i]);
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;

	b.verb = b.len =
	    (size_t)snprintf(b.text, sizeof(b.text), "%s", argv[0]);
	for (int i = 1; i < argc && status == STATUS_OK; i++) {
		int len = channel_name(slice_of(argv[i]), name);

		status = batch_add(&b, name, (size_t)len);
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
