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

int
atomic_write(const char *path, struct slice bytes, bool durable)
{
	char temp[PATH_MAX];
	int fd, saved;

	if ((size_t)snprintf(temp, sizeof(temp), "%s" TEMPORARY, path) >=
	    sizeof(temp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(temp, O_CLOEXEC); /* mode 0600 */
	if (fd == -1)
		return -1;
	if (write_all(fd, bytes.p, bytes.len) == -1 ||
	    (durable && fsync(fd) == -1)) {
		saved = errno;
		close(fd);
		goto fail;
	}
	if (close(fd) == -1 || rename(temp, path) == -1) {
		saved = errno;
		goto fail;
	}
	return durable ? sync_directory(path) : 0;
fail:
	unlink(temp);
	errno = saved;
	return -1;
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
