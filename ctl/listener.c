#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "dirs.h"
#include "fifo.h"
#include "log.h"
#include "status.h"

bool
listener_exists(void)
{
	char path[DIRS_PATH_MAX];

	return dirs_run("ctl", path) == 0 && fifo_offer(path, SLICE("")) == 0;
}

int
listener_missing(void)
{
	char path[DIRS_PATH_MAX];

	if (dirs_run("ctl", path) == -1)
		log_error("no run directory (see TWITCH_RUN_DIR): %s",
		    strerror(errno));
	else
		log_error("ws-reader is not listening on '%s': start "
			  "twitch-ingest first, or name it by -N or "
			  "TWITCH_RUN_DIR",
		    path);
	return STATUS_FAILED;
}

int
listener_send(struct slice lines)
{
	char path[DIRS_PATH_MAX];

	/* It may end between our open and our write. */
	signal(SIGPIPE, SIG_IGN);
	if (dirs_run("ctl", path) == -1)
		return listener_missing();
	if (fifo_send(path, lines) == 0)
		return STATUS_OK;
	if (errno == ENXIO || errno == ENOENT || errno == EPIPE)
		return listener_missing();
	if (errno == EAGAIN)
		log_error("ws-reader is too busy to listen on '%s'", path);
	else if (errno == EEXIST)
		log_error("'%s' is not a FIFO", path);
	else
		log_error("cannot send to '%s': %s", path, strerror(errno));
	return STATUS_FAILED;
}

int
listener_connect(void)
{
	char path[DIRS_PATH_MAX];

	if (dirs_run("ctl", path) == -1)
		return -1;
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}
