#include "out.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put == -1 && errno == EAGAIN) {
			/* A neighbour made the shared pipe non-blocking. */
			struct pollfd room = {.fd = fd, .events = POLLOUT};

			poll(&room, 1, -1);
			continue;
		}
		if (put == -1 && errno != EINTR)
			return -1;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

int
out_open(struct out *out, int fd, size_t cap)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->cap = cap;
	out->buf = malloc(cap);
	return out->buf == NULL ? -1 : 0;
}

char *
out_reserve(struct out *out, size_t n)
{
	assert(n <= out->cap);
	if (out->cap - out->len < n)
		out_flush(out);
	return out->buf + out->len;
}

void
out_commit(struct out *out, char *end)
{
	out->len = (size_t)(end - out->buf);
}

void
out_put(struct out *out, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t n = bytes.len < out->cap ? bytes.len : out->cap;
		char *p = out_reserve(out, n);

		memcpy(p, bytes.p, n);
		out_commit(out, p + n);
		bytes.p += n;
		bytes.len -= n;
	}
}

int
out_flush(struct out *out)
{
	if (out->error == 0 && write_all(out->fd, out->buf, out->len) == -1)
		out->error = errno;
	out->len = 0;
	errno = out->error;
	return out->error == 0 ? 0 : -1;
}

int
out_close(struct out *out)
{
	out_flush(out);
	free(out->buf);
	out->buf = NULL;
	if (close(out->fd) == -1 && out->error == 0)
		out->error = errno;
	errno = out->error;
	return out->error == 0 ? 0 : -1;
}
