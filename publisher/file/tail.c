#include "tail.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "out.h"
#include "scan.h"
#include "slice.h"

/* Leave the first `keep` bytes of a file. */
static off_t
cut(int fd, struct slice file, size_t keep)
{
	if (keep == file.len)
		return 0;
	return ftruncate(fd, (off_t)keep) == -1 ? -1 : (off_t)(file.len - keep);
}

static off_t
mend_lines(int fd, struct slice file)
{
	const char *lf = memrchr(file.p, '\n', file.len);
	size_t from = lf == NULL ? 0 : (size_t)(lf - file.p) + 1;
	struct slice last = {file.p + from, file.len - from};

	if (last.len == 0)
		return 0;
	if (scan_is_object(last))
		return write_all(fd, "\n", 1);
	if (file.p[0] != '{' || last.p[0] != '{') {
		errno = EILSEQ;
		return -1;
	}
	return cut(fd, file, from);
}

static off_t
mend_frames(int fd, struct slice file)
{
	ssize_t whole = frame_whole(file);

	if (whole == -1) {
		errno = EILSEQ;
		return -1;
	}
	return cut(fd, file, (size_t)whole);
}

off_t
tail_mend(int fd, bool zstd)
{
	struct stat st;
	struct slice file;
	off_t n;
	void *map;

	if (fstat(fd, &st) == -1)
		return -1;
	if (st.st_size == 0)
		return 0;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -1;
	file = (struct slice){map, (size_t)st.st_size};
	n = zstd ? mend_frames(fd, file) : mend_lines(fd, file);
	munmap(map, (size_t)st.st_size);
	return n;
}
