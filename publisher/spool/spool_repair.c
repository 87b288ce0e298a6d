#include "spool_repair.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "atomic.h"
#include "log.h"

enum { TEXT_MAX = 256, BOOT_ID_LEN = 36 };

/*
 * Which run of the machine this is, and which pipe, or 0 when the input is no
 * pipe, or one with a name, whose next writer begins with a line.
 */
static void
describe(int input, char text[TEXT_MAX])
{
	char boot[BOOT_ID_LEN + 1] = "";
	uintmax_t pipe = 0;
	struct statfs fs;
	struct stat st;
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd != -1) {
		(void)!read(fd, boot, BOOT_ID_LEN);
		close(fd);
	}
	if (fstatfs(input, &fs) == 0 && fs.f_type == PIPEFS_MAGIC &&
	    fstat(input, &st) == 0)
		pipe = st.st_ino;
	snprintf(text, TEXT_MAX, "%*s %ju\n", BOOT_ID_LEN, boot, pipe);
}

/*
 * Write that down in the file `input`. Returns true if it said so already, of
 * a pipe.
 */
static bool
same_input(const char *path, int input, bool *restarted)
{
	char file[PATH_MAX], now[TEXT_MAX], *before;
	size_t len;
	bool same;

	describe(input, now);
	snprintf(file, sizeof(file), "%s/input", path);
	before = atomic_read(file, TEXT_MAX, &len);
	*restarted = before == NULL || strncmp(before, now, BOOT_ID_LEN) != 0;
	same = before != NULL && strcmp(before, now) == 0 &&
	    strcmp(now + BOOT_ID_LEN, " 0\n") != 0;
	free(before);
	if (!same && atomic_write(file, slice_of(now), false) == -1)
		/* An old one must not be believed next time. */
		unlink(file);
	return same;
}

/*
 * Cut off what is no whole line. Returns the size then, or -1 with errno set.
 */
static int64_t
cut(int fd, int64_t size, const char *path)
{
	int64_t whole = segment_whole(fd, size);

	if (whole == -1 || whole == size)
		return whole;
	if (ftruncate(fd, whole) == -1)
		return -1;
	log_warn("cut %" PRId64 " bytes, a line that was never finished, off "
		 "the spool '%s'",
	    size - whole, path);
	return whole;
}

/* One segment, of `room` bytes before the next. Returns its size, or -1. */
static int64_t
repair(int fd, int64_t room, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -1;
	if (st.st_size >= room)
		return room;
	if (room != INT64_MAX)
		log_warn("%" PRId64
			 " bytes of the spool '%s' are gone: a crash "
			 "took them before they were on the disk",
		    room - st.st_size, path);
	return cut(fd, st.st_size, path);
}

int64_t
spool_repair(const struct segments *s, const char *path, int input,
    bool *restarted)
{
	bool same = same_input(path, input, restarted);
	int64_t size = 0;

	if (s->count == 0)
		*restarted = false;
	for (size_t i = 0; i < s->count && size != -1; i++) {
		bool last = i + 1 == s->count;
		int64_t room = last ?
		    INT64_MAX :
		    (int64_t)(s->starts[i + 1] - s->starts[i]);
		int fd = segments_open_one(s, i, O_RDWR);

		if (fd == -1)
			return -1;
		size = last && same ? lseek(fd, 0, SEEK_END) :
				      repair(fd, room, path);
		close(fd);
	}
	if (size == -1)
		return -1;
	return s->count == 0 ? 0 : (int64_t)s->starts[s->count - 1] + size;
}
