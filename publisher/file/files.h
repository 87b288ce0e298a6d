#ifndef PUBLISHER_FILE_FILES_H
#define PUBLISHER_FILE_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "slice.h"

/*
 * The files that records are appended to, each a line. Records are gathered by
 * file, and then appended all or none: when a file cannot take its lines,
 * those that did are cut back to what they were.
 *
 * The files most recently used stay open, and locked against others of our
 * kind.
 */
enum { FILES_BUCKETS = 1024 };

struct file;

struct files {
	/* Set by the caller; all else zero. */
	size_t open_max; /* open at once, at least 1; the system may say less */
	bool zstd;       /* write zstd's frames */
	bool sync;       /* files_write waits for the disk */

	/* When files_write failed: on what, and for which record first. */
	char culprit[PATH_MAX];
	size_t record;

	struct file *buckets[FILES_BUCKETS];
	struct file **open; /* open_count of them */
	size_t open_count;
	struct file *first, *last; /* of this batch */
	size_t *next;              /* a record -> the next of its file */
	size_t next_size;
	uint64_t batches;
	char *buf;
	size_t buf_size;
	struct frame_maker frames;
};

/* Returns 0, or -1 when out of memory. */
int files_open(struct files *f);
void files_close(struct files *f);

/*
 * Gather record number i, which rises by one from 0 in every batch, for the
 * file of this path. Returns 0, or -1 when out of memory.
 */
int files_gather(struct files *f, const char *path, size_t i);

/* Forget what was gathered. */
void files_drop(struct files *f);

/*
 * Append what was gathered, making files and folders where there are none.
 * Returns 0; or -1 with errno set, nothing appended, and f->culprit and
 * f->record set. Either way nothing is gathered any more. Errors of its own:
 * EWOULDBLOCK when another process has the file, EILSEQ when it holds
 * something else than we write, EINVAL when it is no plain file.
 */
int files_write(struct files *f, const struct slice *records);

#endif
