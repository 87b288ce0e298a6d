#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "dirs.h"
#include "fifo.h"
#include "log.h"
#include "status.h"

static int
fifo_path(char path[DIRS_PATH_MAX])
{
	if (dirs_run("ctl", path) == 0)
		return 0;
	log_error("no run directory (see TWITCH_RUN_DIR): %s", strerror(errno));
	return -1;
}

int
reader_missing(void)
{
	char path[DIRS_PATH_MAX];

	if (fifo_path(path) == 0)
		log_error("ws-reader is not listening on '%s': start "
			  "twitch-ingest first, or name it by -N or "
			  "TWITCH_RUN_DIR",
		    path);
	return STATUS_FAILED;
}

int
reader_send(struct slice lines)
{
	char path[DIRS_PATH_MAX];

	if (fifo_path(path) == -1)
		return STATUS_FAILED;
	if (fifo_send(path, lines) == 0)
		return STATUS_OK;
	if (errno == ENXIO || errno == ENOENT)
		return reader_missing();
	if (errno == EAGAIN)
		log_error("ws-reader is too busy to listen on '%s'", path);
	else
		log_error("cannot send to '%s': %s", path, strerror(errno));
	return STATUS_FAILED;
}

int
reader_connect(void)
{
	char path[DIRS_PATH_MAX];

	if (fifo_path(path) == -1)
		return -1;
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

bool
reader_runs(void)
{
	int fd = reader_connect();

	if (fd == -1)
		return false;
	close(fd);
	return true;
}
