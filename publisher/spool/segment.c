#include "segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 32, DIGITS = 20, BLOCK = 64 * 1024 };

static const char *
name_of(uint64_t start, char name[NAME_MAX_LEN])
{
	snprintf(name, NAME_MAX_LEN, "%0*" PRIu64 ".ndjson", DIGITS, start);
	return name;
}

/* True if this is a segment's name, and of which. */
static bool
is_segment(const char *name, uint64_t *start)
{
	char again[NAME_MAX_LEN];

	*start = strtoull(name, NULL, 10);
	return strcmp(name, name_of(*start, again)) == 0;
}

/* Append to the list only. Returns 0, or -1 with errno set. */
static int
remember(struct segments *s, uint64_t start)
{
	if (s->count == s->size) {
		size_t size = s->size == 0 ? 64 : 2 * s->size;
		uint64_t *starts =
		    reallocarray(s->starts, size, sizeof(*starts));

		if (starts == NULL)
			return -1;
		s->starts = starts;
		s->size = size;
	}
	s->starts[s->count++] = start;
	return 0;
}

static int
by_start(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
segments_open(struct segments *s, int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	uint64_t start;
	DIR *list;

	memset(s, 0, sizeof(*s));
	s->dir = dir;
	if (fd == -1)
		return -1;
	list = fdopendir(fd);
	if (list == NULL) {
		close(fd);
		return -1;
	}
	while (errno = 0, (entry = readdir(list)) != NULL)
		if (is_segment(entry->d_name, &start) &&
		    remember(s, start) == -1)
			break;
	closedir(list);
	if (errno != 0)
		return -1;
	if (s->count > 0)
		qsort(s->starts, s->count, sizeof(*s->starts), by_start);
	return 0;
}

void
segments_free(struct segments *s)
{
	free(s->starts);
	memset(s, 0, sizeof(*s));
}

int
segments_add(struct segments *s, uint64_t start)
{
	char name[NAME_MAX_LEN];
	int fd = openat(s->dir, name_of(start, name),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd != -1 && remember(s, start) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

int
segments_open_one(const struct segments *s, size_t index, int flags)
{
	char name[NAME_MAX_LEN];

	return openat(s->dir, name_of(s->starts[index], name),
	    flags | O_CLOEXEC);
}

int64_t
segments_time(const struct segments *s, size_t index)
{
	char name[NAME_MAX_LEN];
	struct stat st;

	if (fstatat(s->dir, name_of(s->starts[index], name), &st, 0) == -1)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

size_t
segments_find(const struct segments *s, uint64_t position)
{
	size_t i = 0;

	while (i + 1 < s->count && s->starts[i + 1] <= position)
		i++;
	return i;
}

void
segments_drop(struct segments *s, uint64_t position)
{
	size_t gone = segments_find(s, position);
	char name[NAME_MAX_LEN];

	for (size_t i = 0; i < gone; i++)
		unlinkat(s->dir, name_of(s->starts[i], name), 0);
	s->count -= gone;
	memmove(s->starts, s->starts + gone, s->count * sizeof(*s->starts));
}

void
segments_release(const struct segments *s, uint64_t position)
{
	int err = errno;
	int fd = segments_open_one(s, 0, O_RDWR);

	if (fd != -1 && position > s->starts[0])
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		    (off_t)(position - s->starts[0] - 1));
	if (fd != -1)
		close(fd);
	errno = err;
}

int64_t
segment_whole(int fd, int64_t size)
{
	char block[BLOCK];

	while (size > 0) {
		int64_t from = size > BLOCK ? size - BLOCK : 0;
		ssize_t n = pread(fd, block, (size_t)(size - from), from);
		const char *lf;

		if (n == -1)
			return -1;
		lf = memrchr(block, '\n', (size_t)n);
		if (lf != NULL)
			return from + (lf - block) + 1;
		size = from;
	}
	return 0;
}
