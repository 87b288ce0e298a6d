#ifndef LIB_ATOMIC_H
#define LIB_ATOMIC_H

#include <limits.h>
#include <stdbool.h>

#include "slice.h"

/*
 * Replace the file at path by these bytes, mode 0600, so that a reader sees
 * the old file or the new one and never a part: a temporary file beside it,
 * then rename. With `durable`, the file and its directory are fsynced and
 * the change outlives a power cut. Returns 0; or -1 with errno set, no
 * temporary left and the old file as it was, unless it is the directory's
 * fsync that failed.
 */
int atomic_write(const char *path, struct slice bytes, bool durable);

/*
 * The same in steps, for bytes that must not be lost once they are there:
 * atomic_prepare makes the temporary file, with room on disk for as many bytes,
 * and atomic_commit writes them and renames it, or atomic_abandon removes it.
 * Of many bytes atomic_add writes the first, a part at a time. All return as
 * atomic_write does; after a failure there is nothing to abandon.
 * atomic_abandon leaves errno as it was.
 */
struct replacement {
	char path[PATH_MAX], temp[PATH_MAX];
	int fd;
	size_t len; /* bytes that are written */
};

int atomic_prepare(struct replacement *r, const char *path, size_t room);
int atomic_add(struct replacement *r, struct slice bytes);
int atomic_commit(struct replacement *r, struct slice bytes, bool durable);
void atomic_abandon(struct replacement *r);

/*
 * Remove the temporary files that writers of this path have left who were
 * killed. Nobody may be writing it.
 */
void atomic_sweep(const char *path);

/*
 * Read a whole file of at most max bytes. Returns it, NUL-terminated for
 * convenience, its length in *len, the caller frees; or NULL with errno set,
 * EFBIG when it is larger.
 */
char *atomic_read(const char *path, size_t max, size_t *len);

/* The same of an open file: what is left of it, but no more than max bytes. */
char *atomic_slurp(int fd, size_t max, size_t *len);

#endif
