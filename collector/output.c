#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIPE_SIZE = 1024 * 1024 };

/* The same size bytes twice in a row; NULL with errno set. */
static char *
map_twice(size_t size)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	char *ring = MAP_FAILED;
	int saved;

	if (fd == -1)
		return NULL;
	if (ftruncate(fd, (off_t)size) == 0)
		ring = mmap(NULL, 2 * size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 2 && ring != MAP_FAILED; i++)
		if (mmap(ring + (size_t)i * size, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
			munmap(ring, 2 * size);
			ring = MAP_FAILED;
		}
	saved = errno;
	close(fd);
	errno = saved;
	return ring == MAP_FAILED ? NULL : ring;
}

int
output_open(struct output *out, int fd, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	*out = (struct output){.fd = fd, .flags = fcntl(fd, F_GETFL)};
	if (out->flags == -1 ||
	    fcntl(fd, F_SETFL, out->flags | O_NONBLOCK) == -1)
		return -1;
	/* Fewer turns of the reader's and of ours; it is no pipe, or not
	   allowed: then not. */
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	out->size = (size + page - 1) / page * page;
	out->ring = map_twice(out->size);
	return out->ring == NULL ? -1 : 0;
}

static bool
has_room(const struct output *out, size_t n)
{
	return n <= out->size - out->len;
}

char *
output_reserve(struct output *out, size_t n)
{
	/* One turn may bring more than the buffer holds. An error comes again
	   with the next flush. */
	if (!has_room(out, n))
		output_flush(out);
	return has_room(out, n) ? out->ring + out->start + out->len : NULL;
}

void
output_commit(struct output *out, char *end)
{
	out->len = (size_t)(end - (out->ring + out->start));
}

int
output_flush(struct output *out)
{
	while (out->len > 0) {
		ssize_t n = write(out->fd, out->ring + out->start, out->len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno == EAGAIN ? 0 : -1;
		out->len -= (size_t)n;
		out->passed += (size_t)n;
		/* Begin anew where the memory is warm, if nothing waits. */
		out->start =
		    out->len == 0 ? 0 : (out->start + (size_t)n) % out->size;
	}
	return 0;
}

void
output_close(struct output *out)
{
	fcntl(out->fd, F_SETFL, out->flags);
	munmap(out->ring, 2 * out->size);
}
