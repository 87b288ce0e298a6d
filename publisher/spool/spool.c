#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirs.h"
#include "log.h"
#include "spool_repair.h"

enum {
	BLOCK = 256 * 1024,             /* moved at once */
	SEGMENTS = 8,                   /* at least so many make a spool */
	SEGMENT_MAX = 64 * 1024 * 1024, /* a segment is no longer, about */
	STEPS = 4096,                   /* single bytes, to end a line */
	FINISH_MS = 1000                /* how long a line may take to end */
};

static enum status
fail(struct spool *sp, const char *what)
{
	snprintf(sp->owner.why, sizeof(sp->owner.why),
	    "cannot %s the spool '%s': %s", what, sp->path, strerror(errno));
	return STATUS_FAILED;
}

/* --- writing */

static uint64_t
writing_size(const struct spool *sp)
{
	return sp->end - sp->segments.starts[sp->segments.count - 1];
}

/* Append to the last segment, or to a new one. Returns 0, or -1. */
static int
write_segment(struct spool *sp, bool new)
{
	int fd = new ?
	    segments_add(&sp->segments, sp->end) :
	    segments_open_one(&sp->segments, sp->segments.count - 1, O_RDWR);

	if (fd == -1)
		return -1;
	sp->writing = fd;
	spool_sync_segment(&sp->sync, fd);
	return 0;
}

/* True if what was written ends with a whole line. */
static bool
is_whole(const struct spool *sp)
{
	uint64_t size = writing_size(sp);
	char last;

	return size == 0 ||
	    (pread(sp->writing, &last, 1, (off_t)size - 1) == 1 &&
		last == '\n');
}

bool
spool_pending(const struct spool *sp)
{
	return sp->block_from < sp->block_end;
}

/*
 * The input by way of memory: a file, a socket, a terminal. No more than n is
 * taken from it, so that nothing stays there but what could not be written.
 */
static ssize_t
copy(struct spool *sp, int input, off_t at, size_t n)
{
	ssize_t got;

	if (sp->block == NULL)
		sp->block = malloc(BLOCK);
	if (sp->block == NULL)
		return -1;
	if (!spool_pending(sp)) {
		got = read(input, sp->block, n);
		if (got <= 0)
			return got;
		sp->block_from = 0;
		sp->block_end = (size_t)got;
	}
	if (n > sp->block_end - sp->block_from)
		n = sp->block_end - sp->block_from;
	got = pwrite(sp->writing, sp->block + sp->block_from, n, at);
	if (got > 0)
		sp->block_from += (size_t)got;
	return got;
}

static bool
is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Move at most n bytes. Returns how many, 0 at the end, or -1. */
static ssize_t
move(struct spool *sp, int input, size_t n)
{
	off_t at = (off_t)writing_size(sp);
	ssize_t got = -1; /* gcc does not see that it is always set */

	if (!sp->copying) {
		off_t to = at;

		got = splice(input, NULL, sp->writing, &to, n,
		    SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
		if (got == -1 && errno == EINVAL) {
			sp->copying = true;
			/* The rest of a line may be in memory, then. */
			if (is_pipe(input))
				unlinkat(sp->dir, "input", 0);
		}
	}
	if (sp->copying)
		got = copy(sp, input, at, n);
	if (got > 0)
		sp->end += (uint64_t)got;
	return got;
}

static enum spool_take
trouble(const struct spool *sp)
{
	switch (errno) {
	case EAGAIN:
	case EINTR:
		return SPOOL_TAKEN;
	case EDQUOT:
	case EFBIG:
	case EIO:
	case ENOSPC:
	case EROFS:
		/* The cursor first: a power cut must not bring an old one. */
		if (fdatasync(sp->cursor.fd) == 0)
			segments_release(&sp->segments, sp->cursor.position);
		return SPOOL_STUCK;
	default:
		return spool_pending(sp) ? SPOOL_STUCK : SPOOL_UNREADABLE;
	}
}

/* The input has ended; its last line may have no LF. */
static enum spool_take
finish_input(struct spool *sp)
{
	if (!is_whole(sp)) {
		if (pwrite(sp->writing, "\n", 1, (off_t)writing_size(sp)) != 1)
			return SPOOL_STUCK;
		sp->end++;
	}
	spool_sync_wrote(&sp->sync);
	return SPOOL_END;
}

/*
 * A new segment, when this one is long enough and ends with a line; or goes on
 * with one that is too long to be a record.
 */
static int
rotate(struct spool *sp)
{
	uint64_t size = writing_size(sp);

	if (size < sp->segment_max ||
	    (!is_whole(sp) && size < sp->segment_max + sp->record_max))
		return 0;
	return write_segment(sp, true);
}

enum spool_take
spool_take(struct spool *sp, int input)
{
	ssize_t got;

	for (int i = 0; i < STEPS; i++) {
		size_t n;

		if (rotate(sp) == -1)
			return SPOOL_STUCK;
		/* Byte by byte to the end of the line. */
		n = writing_size(sp) < sp->segment_max ? BLOCK : 1;
		got = move(sp, input, n);
		if (got == 0)
			return finish_input(sp);
		if (got == -1)
			return trouble(sp);
		if (n == BLOCK)
			break;
	}
	spool_sync_wrote(&sp->sync);
	return SPOOL_TAKEN;
}

int
spool_finish(struct spool *sp, int input)
{
	struct pollfd fd = {.fd = input, .events = POLLIN};

	while (spool_pending(sp) ||
	    (!is_whole(sp) && poll(&fd, 1, FINISH_MS) == 1)) {
		ssize_t got = move(sp, input, spool_pending(sp) ? BLOCK : 1);

		if (got == 0)
			finish_input(sp);
		if (got == 0 || (got == -1 && trouble(sp) != SPOOL_TAKEN))
			break;
	}
	spool_sync_wrote(&sp->sync);
	return spool_pending(sp) ? -1 : 0;
}

bool
spool_full(const struct spool *sp)
{
	uint64_t first = sp->segments.starts[0];

	/* Never so full that nothing could be settled. */
	return sp->end - first >= (uint64_t)sp->max &&
	    sp->end - sp->cursor.position > sp->record_max;
}

uint64_t
spool_bytes(const struct spool *sp)
{
	return sp->end - sp->cursor.position;
}

/* --- reading */

/* Open the segment that the next byte is in. Returns 0, or -1. */
static int
read_segment(struct spool *sp)
{
	const struct segments *s = &sp->segments;
	size_t i = segments_find(s, sp->read);

	if (sp->reading != -1)
		close(sp->reading);
	sp->reading = segments_open_one(s, i, O_RDONLY);
	sp->reading_start = s->starts[i];
	if (sp->read < s->starts[i])
		sp->read = s->starts[i];
	return sp->reading == -1 ? -1 : 0;
}

/* Where the segment that is read ends by its successor's name. */
static uint64_t
reading_end(const struct spool *sp)
{
	const struct segments *s = &sp->segments;
	size_t i = segments_find(s, sp->reading_start);

	return i + 1 < s->count ? s->starts[i + 1] : sp->end;
}

ssize_t
spool_read(struct spool *sp, char *p, size_t n)
{
	uint64_t end;
	ssize_t got;

	while (sp->read < sp->end) {
		if (sp->reading == -1 && read_segment(sp) == -1)
			return -1;
		end = reading_end(sp);
		if (sp->read < end) {
			if (n > end - sp->read)
				n = end - sp->read;
			got = pread(sp->reading, p, n,
			    (off_t)(sp->read - sp->reading_start));
			if (got > 0)
				sp->read += (uint64_t)got;
			if (got != 0)
				return got;
			/* It is shorter than it was; see spool_repair.h. */
			sp->read = end;
		}
		close(sp->reading);
		sp->reading = -1;
	}
	return 0;
}

void
spool_seek(struct spool *sp, uint64_t position)
{
	sp->read = position;
	if (sp->reading != -1)
		close(sp->reading);
	sp->reading = -1;
}

int
spool_skip(struct spool *sp, uint64_t position)
{
	if (position <= sp->end)
		return 0;
	sp->end = position;
	return write_segment(sp, true);
}

void
spool_settle(struct spool *sp, uint64_t position)
{
	static struct log_limit limit;
	unsigned long held;

	if (position == sp->cursor.position)
		return;
	if (cursor_move(&sp->cursor, position) == -1 &&
	    log_limit(&limit, &held))
		log_warn("cannot write the cursor of the spool '%s': %s",
		    sp->path, strerror(errno));
	segments_drop(&sp->segments, position);
	spool_sync_wrote(&sp->sync);
}

/* --- opening and closing */

/* What is there already, and where to go on. Returns 0, or -1. */
static int
resume(struct spool *sp, int input)
{
	int64_t end;

	if (cursor_open(&sp->cursor, sp->dir) == -1 ||
	    segments_open(&sp->segments, sp->dir) == -1 ||
	    (end = spool_repair(&sp->segments, sp->path, input,
		 &sp->restarted)) == -1 ||
	    spool_sync_open(&sp->sync, sp->sync_ms, sp->dir, sp->cursor.fd) ==
		-1)
		return -1;
	sp->end = (uint64_t)end;
	if (sp->segments.count > 0 &&
	    sp->cursor.position < sp->segments.starts[0])
		sp->cursor.position = sp->segments.starts[0];
	/* What was sent and did not outlive a power cut. */
	if (sp->cursor.position > sp->end)
		sp->end = sp->cursor.position;
	sp->read = sp->cursor.position;
	if (write_segment(sp,
		sp->segments.count == 0 || sp->end != (uint64_t)end) == -1)
		return -1;
	segments_drop(&sp->segments, sp->cursor.position);
	return 0;
}

enum status
spool_open(struct spool *sp, int input)
{
	enum status status;

	sp->owner.lock = sp->cursor.fd = sp->reading = sp->dir = -1;
	sp->segment_max = (uint64_t)sp->max / SEGMENTS;
	if (sp->segment_max > SEGMENT_MAX)
		sp->segment_max = SEGMENT_MAX;
	if (dirs_make(sp->path) == -1)
		return fail(sp, "make");
	sp->dir = open(sp->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sp->dir == -1)
		return fail(sp, "open");
	status = spool_owner_open(&sp->owner, sp->dir, sp->path, sp->program,
	    sp->destination);
	if (status != STATUS_OK)
		return status;
	return resume(sp, input) == -1 ? fail(sp, "open") : STATUS_OK;
}

void
spool_close(struct spool *sp)
{
	if (sp->segments.count > 0) {
		if (sp->cursor.position == sp->end && writing_size(sp) > 0 &&
		    write_segment(sp, true) == 0)
			segments_drop(&sp->segments, sp->end);
		spool_sync_close(&sp->sync);
	}
	if (sp->reading != -1)
		close(sp->reading);
	cursor_close(&sp->cursor);
	segments_free(&sp->segments);
	free(sp->block);
	spool_owner_close(&sp->owner);
	if (sp->dir != -1)
		close(sp->dir);
}
