#ifndef PUBLISHER_SPOOL_SEGMENT_H
#define PUBLISHER_SPOOL_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

/*
 * A spool's segments: files of whole lines, each named for where its first
 * byte stands in the stream of all that was ever spooled, with digits enough
 * that names sort as numbers do: 00000000000000065536.ndjson.
 */
struct segments {
	int dir;
	uint64_t *starts; /* in their order */
	size_t count, size;
};

/*
 * List those in a directory, whose descriptor stays the caller's. Returns 0,
 * or -1 with errno set. segments_free frees.
 */
int segments_open(struct segments *s, int dir);
void segments_free(struct segments *s);

/*
 * Make one after the last and open it to write. Returns its descriptor, or -1
 * with errno set.
 */
int segments_add(struct segments *s, uint64_t start);

/* Open one of the list, with open(2)'s flags. */
int segments_open_one(const struct segments *s, size_t index, int flags);

/* When one was last written, in Unix ms; 0 if nobody knows. */
int64_t segments_time(const struct segments *s, size_t index);

/* Which holds this position; the first, when it is before all of them. */
size_t segments_find(const struct segments *s, uint64_t position);

/* Remove those that end before this position, but never the last. */
void segments_drop(struct segments *s, uint64_t position);

/*
 * The disk is full: what the first holds before this position is not needed
 * any more, and its blocks are given back if the file system can, leaving a
 * hole; but for the last byte, which ends a line. errno stays as it is.
 */
void segments_release(const struct segments *s, uint64_t position);

/*
 * How many of a file's first `size` bytes are whole lines. Returns the number,
 * or -1 with errno set.
 */
int64_t segment_whole(int fd, int64_t size);

#endif
