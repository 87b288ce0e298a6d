#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path's first len bytes, as a string. */
static int
front(char part[PATH_MAX], const char *path, size_t len)
{
	if (len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, len);
	part[len] = '\0';
	return 0;
}

int
folder_make(const char *path)
{
	char part[PATH_MAX];

	for (const char *p = path; (p = strchr(p, '/')) != NULL; p++) {
		if (p == path)
			continue;
		if (front(part, path, (size_t)(p - path)) == -1)
			return -1;
		if (mkdir(part, 0750) == -1 && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int
sync_one(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int n;

	if (fd == -1)
		return -1;
	n = fsync(fd);
	close(fd);
	return n;
}

int
folder_sync(const char *path)
{
	char part[PATH_MAX];

	if (*path != '/' && sync_one(".") == -1)
		return -1;
	for (const char *p = path; (p = strchr(p, '/')) != NULL; p++)
		/* The slash stays: it may be the root's. */
		if (front(part, path, (size_t)(p - path) + 1) == -1 ||
		    sync_one(part) == -1)
			return -1;
	return 0;
}
