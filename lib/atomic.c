#include "atomic.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out.h"

#define TEMPORARY ".XXXXXX"

static int
sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, n;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	n = fsync(fd);
	close(fd);
	return n;
}

void
atomic_sweep(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	size_t len = strlen(base);
	char copy[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy))
		return;
	dir = opendir(dirname(copy));
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, base, len) == 0 &&
		    entry->d_name[len] == '.' &&
		    strlen(entry->d_name) == len + sizeof(TEMPORARY) - 1)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

void
atomic_abandon(struct replacement *r)
{
	int saved = errno;

	if (r->fd != -1)
		close(r->fd);
	unlink(r->temp);
	errno = saved;
}

/* The bytes are on disk, so that a full one is noticed now. */
static int
reserve(int fd, size_t room)
{
	errno = posix_fallocate(fd, 0, (off_t)room);
	return errno == 0 ? fsync(fd) : -1;
}

int
atomic_prepare(struct replacement *r, const char *path, size_t room)
{
	if ((size_t)snprintf(r->temp, sizeof(r->temp), "%s" TEMPORARY, path) >=
	    sizeof(r->temp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(r->path, path, strlen(path) + 1);
	r->len = 0;
	r->fd = mkostemp(r->temp, O_CLOEXEC); /* mode 0600 */
	if (r->fd == -1)
		return -1;
	if (room == 0 || reserve(r->fd, room) == 0)
		return 0;
	atomic_abandon(r);
	return -1;
}

int
atomic_add(struct replacement *r, struct slice bytes)
{
	if (write_all(r->fd, bytes.p, bytes.len) == -1) {
		atomic_abandon(r);
		return -1;
	}
	r->len += bytes.len;
	return 0;
}

int
atomic_commit(struct replacement *r, struct slice bytes, bool durable)
{
	int n;

	if (atomic_add(r, bytes) == -1)
		return -1;
	/* What is left of the room is given back. */
	if (ftruncate(r->fd, (off_t)r->len) == -1 ||
	    (durable && fsync(r->fd) == -1))
		goto fail;
	n = close(r->fd);
	r->fd = -1;
	if (n == -1 || rename(r->temp, r->path) == -1)
		goto fail;
	return durable ? sync_directory(r->path) : 0;
fail:
	atomic_abandon(r);
	return -1;
}

int
atomic_write(const char *path, struct slice bytes, bool durable)
{
	struct replacement r;

	if (atomic_prepare(&r, path, 0) == -1)
		return -1;
	return atomic_commit(&r, bytes, durable);
}

char *
atomic_slurp(int fd, size_t max, size_t *len)
{
	char *bytes = malloc(max + 1);
	ssize_t n;

	if (bytes == NULL)
		return NULL;
	*len = 0;
	while ((n = read(fd, bytes + *len, max - *len)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			free(bytes);
			return NULL;
		}
		*len += (size_t)n;
	}
	bytes[*len] = '\0';
	return bytes;
}

char *
atomic_read(const char *path, size_t max, size_t *len)
{
	struct stat st;
	char *bytes = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;

	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0) {
		if (st.st_size < 0 || (size_t)st.st_size > max)
			errno = EFBIG;
		else
			bytes = atomic_slurp(fd, (size_t)st.st_size, len);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return bytes;
}
