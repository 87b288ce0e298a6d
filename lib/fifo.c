#include "fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEND_MS = 1000 };

static int
shut(struct fifo *fifo, int error)
{
	if (fifo->fd != -1)
		close(fifo->fd);
	if (fifo->keep != -1)
		close(fifo->keep);
	free(fifo->path);
	*fifo = (struct fifo){.fd = -1, .keep = -1};
	errno = error;
	return -1;
}

int
fifo_open(struct fifo *fifo, const char *path)
{
	struct stat st, now;

	*fifo = (struct fifo){.fd = -1, .keep = -1};
	fifo->path = strdup(path);
	if (fifo->path == NULL)
		return -1;
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		return shut(fifo, errno);
	fifo->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fifo->fd == -1 || fstat(fifo->fd, &st) == -1)
		return shut(fifo, errno);
	if (!S_ISFIFO(st.st_mode))
		return shut(fifo, EEXIST);
	if (flock(fifo->fd, LOCK_EX | LOCK_NB) == -1)
		return shut(fifo, errno == EWOULDBLOCK ? EBUSY : errno);
	/* The last reader may have removed it between our open and our lock. */
	if (stat(path, &now) == -1 || now.st_ino != st.st_ino)
		return shut(fifo, EBUSY);
	fifo->keep = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fifo->keep == -1)
		return shut(fifo, errno);
	return 0;
}

void
fifo_close(struct fifo *fifo)
{
	if (fifo->fd == -1)
		return;
	unlink(fifo->path);
	shut(fifo, 0);
}

/* Wait at most so many ms for room. */
static int
send_within(const char *path, struct slice text, int ms)
{
	struct stat st;
	int fd, error = 0;
	ssize_t n;

	if (text.len > PIPE_BUF) {
		errno = EMSGSIZE;
		return -1;
	}
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1 || !S_ISFIFO(st.st_mode)) {
		close(fd);
		errno = EEXIST;
		return -1;
	}
	while ((n = write(fd, text.p, text.len)) == -1 && errno == EAGAIN) {
		struct pollfd room = {.fd = fd, .events = POLLOUT};

		if (poll(&room, 1, ms) != 1)
			break;
	}
	if (n == -1)
		error = errno;
	close(fd);
	errno = error;
	return n == -1 ? -1 : 0;
}

int
fifo_send(const char *path, struct slice text)
{
	return send_within(path, text, SEND_MS);
}

int
fifo_offer(const char *path, struct slice text)
{
	return send_within(path, text, 0);
}
