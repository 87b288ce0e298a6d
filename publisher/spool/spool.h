#ifndef PUBLISHER_SPOOL_SPOOL_H
#define PUBLISHER_SPOOL_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cursor.h"
#include "segment.h"
#include "spool_owner.h"
#include "spool_sync.h"
#include "status.h"

/*
 * A spool: a directory that holds what was read until its fate is known. What
 * comes in is appended to the last segment, byte for byte; what goes out is
 * read from the same files, some time later or after a restart; what is
 * settled is removed, a segment at a time. A position counts the bytes from
 * the first that was ever spooled.
 *
 * Bytes of a pipe move into the segment by splice(2): at any moment they are
 * in the pipe or in the file, so that whatever kills the process loses none.
 * And if the next process has the same pipe, it goes on in mid-line.
 */
enum { SPOOL_MAX_MIN = 1024 * 1024 }; /* what `max` is at least */

struct spool {
	/* Set by the caller; all else zero. */
	const char *path;
	const char *program, *destination; /* whose it is */
	int64_t max;                       /* bytes on disk, about */
	int64_t sync_ms;                   /* as in struct spool_sync */
	size_t record_max;

	int dir;
	struct spool_owner owner;
	struct segments segments;
	bool restarted; /* the machine was, since the spool was open last */
	struct spool_sync sync;
	struct cursor cursor;
	uint64_t end;  /* what was written ends here */
	uint64_t read; /* what was read, too */

	int writing; /* the last segment */
	uint64_t segment_max;
	char *block; /* from an input that cannot be spliced */
	size_t block_from, block_end;
	bool copying;

	int reading;            /* the segment that spool_read is in, or -1 */
	uint64_t reading_start; /* where it starts */
};

/*
 * Open a spool for what comes on the descriptor `input`; the directory is made
 * when it is not there. What a crash left half-written is cut off, and said.
 * Reading begins where the cursor is. Returns STATUS_OK; or what to exit with,
 * and sp->owner.why says why.
 */
enum status spool_open(struct spool *sp, int input);

/* Close it; if all is settled it is left with an empty segment. */
void spool_close(struct spool *sp);

/* True if it holds as much as it may, and nothing more is to be taken. */
bool spool_full(const struct spool *sp);

/* What is in it and not settled, in bytes. */
uint64_t spool_bytes(const struct spool *sp);

/*
 * Take some of what the input has, without waiting. SPOOL_TAKEN: there may be
 * more; SPOOL_END: the input has ended, a last line without LF got one;
 * SPOOL_STUCK: it cannot be written (errno), nothing is lost, try again later;
 * SPOOL_UNREADABLE: the input cannot be read (errno).
 */
enum spool_take { SPOOL_TAKEN, SPOOL_END, SPOOL_STUCK, SPOOL_UNREADABLE };
enum spool_take spool_take(struct spool *sp, int input);

/* True if some of what was taken is in memory, since the disk has no room. */
bool spool_pending(const struct spool *sp);

/*
 * No more is to be taken: take only the rest of a line that was begun. It
 * stays begun if the rest does not come soon, or cannot be written. Returns 0,
 * or -1 with errno set when something of what was taken cannot.
 */
int spool_finish(struct spool *sp, int input);

/*
 * Read up to n bytes on. Returns how many; 0 when there is no more now; -1
 * with errno set.
 */
ssize_t spool_read(struct spool *sp, char *p, size_t n);

/* Read on from this position. */
void spool_seek(struct spool *sp, uint64_t position);

/*
 * Everything before this position is settled, as somebody else knows; a power
 * cut may have taken it from the disk. What comes in stands after it. Returns
 * 0, or -1 with errno set.
 */
int spool_skip(struct spool *sp, uint64_t position);

/*
 * Everything before this position is settled: move the cursor, remove
 * segments.
 */
void spool_settle(struct spool *sp, uint64_t position);

#endif
