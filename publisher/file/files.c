#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "log.h"
#include "out.h"
#include "record/hash.h"
#include "tail.h"

enum {
	NONE = -1,
	BESIDE = 24 /* descriptors: the spool's, metrics', folders', … */
};

struct file {
	struct file *chain; /* the next in its bucket */
	char *path;
	int fd;        /* NONE: closed */
	uint64_t used; /* the batch that it was last of */
	/* In a batch: */
	bool gathered, appended;
	struct file *after;
	size_t head, tail; /* its records, linked by files.next */
	off_t end;         /* where it ended before */
};

/* No more than the system lets us open. */
static void
limit_open(struct files *f)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur < f->open_max + BESIDE)
		f->open_max = limit.rlim_cur > BESIDE ?
		    (size_t)limit.rlim_cur - BESIDE :
		    1;
}

int
files_open(struct files *f)
{
	limit_open(f);
	f->open = calloc(f->open_max, sizeof(struct file *));
	if (f->open == NULL)
		return -1;
	return f->zstd ? frame_maker_open(&f->frames) : 0;
}

/* --- which there are */

static struct file **
bucket(struct files *f, const char *path)
{
	return &f->buckets[hash_of(slice_of(path)) % FILES_BUCKETS];
}

static struct file *
add(struct files *f, const char *path)
{
	struct file **at = bucket(f, path), *file;

	for (file = *at; file != NULL; file = file->chain)
		if (strcmp(file->path, path) == 0)
			return file;
	file = calloc(1, sizeof(*file));
	if (file == NULL || (file->path = strdup(path)) == NULL) {
		free(file);
		return NULL;
	}
	file->fd = NONE;
	file->chain = *at;
	*at = file;
	return file;
}

static void
forget(struct files *f, struct file *file)
{
	struct file **at = bucket(f, file->path);

	while (*at != file)
		at = &(*at)->chain;
	*at = file->chain;
	free(file->path);
	free(file);
}

/* Close file number i of those that are open. */
static void
close_one(struct files *f, size_t i)
{
	close(f->open[i]->fd);
	f->open[i]->fd = NONE;
	f->open[i] = f->open[--f->open_count];
}

static void
close_file(struct files *f, const struct file *file)
{
	for (size_t i = 0; i < f->open_count; i++)
		if (f->open[i] == file) {
			close_one(f, i);
			return;
		}
}

/* Close the file that was not used for the longest time. */
static void
close_oldest(struct files *f)
{
	struct file *file;
	size_t oldest = 0;

	for (size_t i = 1; i < f->open_count; i++)
		if (f->open[i]->used < f->open[oldest]->used)
			oldest = i;
	file = f->open[oldest];
	close_one(f, oldest);
	if (!file->gathered)
		forget(f, file);
}

/* --- one of them */

/* An open file is of use as long as its path leads to it. */
static bool
is_current(const struct file *file)
{
	struct stat here, there;

	return fstat(file->fd, &here) == 0 && stat(file->path, &there) == 0 &&
	    here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* Lock it, and see that it is one of ours. */
static int
inspect(const struct files *f, const struct file *file)
{
	struct stat st;
	off_t cut;

	if (fstat(file->fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	if (flock(file->fd, LOCK_EX | LOCK_NB) == -1)
		return -1;
	if (f->sync && st.st_size == 0 && folder_sync(file->path) == -1)
		return -1;
	cut = tail_mend(file->fd, f->zstd);
	if (cut > 0)
		log_warn("'%s': cut %lld bytes at its end, of a record that "
			 "was never whole",
		    file->path, (long long)cut);
	return cut == -1 ? -1 : 0;
}

static int
open_path(const char *path)
{
	return open(path,
	    O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	    0640);
}

/* The same, with others closed if it takes that. */
static int
open_in_turn(struct files *f, const char *path)
{
	int fd;

	if (f->open_count == f->open_max)
		close_oldest(f);
	while ((fd = open_path(path)) == -1 &&
	    (errno == EMFILE || errno == ENFILE) && f->open_count > 0)
		close_oldest(f);
	return fd;
}

static int
open_file(struct files *f, struct file *file)
{
	int error;

	if (file->fd != NONE && is_current(file))
		return 0;
	if (file->fd != NONE)
		close_file(f, file);
	file->fd = open_in_turn(f, file->path);
	if (file->fd == -1 && errno == ENOENT && folder_make(file->path) == 0)
		file->fd = open_in_turn(f, file->path);
	if (file->fd == -1)
		return -1;
	f->open[f->open_count++] = file;
	if (inspect(f, file) == 0)
		return 0;
	error = errno;
	close_file(f, file);
	errno = error;
	return -1;
}

/* --- a batch */

static int
grow_next(struct files *f)
{
	size_t size = f->next_size == 0 ? 1024 : 2 * f->next_size;
	size_t *next = reallocarray(f->next, size, sizeof(*next));

	if (next == NULL)
		return -1;
	f->next = next;
	f->next_size = size;
	return 0;
}

int
files_gather(struct files *f, const char *path, size_t i)
{
	struct file *file;

	if (i == f->next_size && grow_next(f) == -1)
		return -1;
	file = add(f, path);
	if (file == NULL)
		return -1;
	if (file->gathered) {
		f->next[file->tail] = i;
	} else {
		file->gathered = true;
		file->head = i;
		file->after = NULL;
		*(f->first == NULL ? &f->first : &f->last->after) = file;
		f->last = file;
	}
	file->tail = i;
	return 0;
}

/* The lines of a file, in f->buf. */
static int
join_lines(struct files *f, const struct file *file,
    const struct slice *records, struct slice *lines)
{
	size_t need = records[file->tail].len + 1;
	char *p;

	for (size_t i = file->head; i != file->tail; i = f->next[i])
		need += records[i].len + 1;
	if (need > f->buf_size) {
		free(f->buf);
		f->buf = malloc(need);
		f->buf_size = f->buf == NULL ? 0 : need;
		if (f->buf == NULL)
			return -1;
	}
	p = f->buf;
	for (size_t i = file->head;; i = f->next[i]) {
		memcpy(p, records[i].p, records[i].len);
		p += records[i].len;
		*p++ = '\n';
		if (i == file->tail)
			break;
	}
	*lines = (struct slice){f->buf, need};
	return 0;
}

static int
append(struct files *f, struct file *file, const struct slice *records)
{
	struct slice bytes;
	struct stat st;

	file->used = f->batches;
	if (open_file(f, file) == -1 || fstat(file->fd, &st) == -1 ||
	    join_lines(f, file, records, &bytes) == -1 ||
	    (f->zstd && frame_make(&f->frames, bytes, &bytes) == -1))
		return -1;
	file->end = st.st_size;
	file->appended = true;
	if (write_all(file->fd, bytes.p, bytes.len) == -1)
		return -1;
	return f->sync ? fdatasync(file->fd) : 0;
}

/* Make it what it was before this batch. */
static void
take_back(const struct file *file)
{
	int fd = file->fd != NONE ? file->fd : open_path(file->path);

	if (fd == -1 || ftruncate(fd, file->end) == -1)
		log_warn("'%s': cannot take lines back, they may come twice: "
			 "%s",
		    file->path, strerror(errno));
	if (fd != -1 && fd != file->fd)
		close(fd);
}

void
files_drop(struct files *f)
{
	struct file *file, *after;

	for (file = f->first; file != NULL; file = after) {
		after = file->after;
		file->gathered = file->appended = false;
		if (file->fd == NONE)
			forget(f, file);
	}
	f->first = f->last = NULL;
}

int
files_write(struct files *f, const struct slice *records)
{
	struct file *file = f->first;
	int error;

	f->batches++;
	while (file != NULL && append(f, file, records) == 0)
		file = file->after;
	if (file == NULL) {
		files_drop(f);
		return 0;
	}
	error = errno;
	snprintf(f->culprit, sizeof(f->culprit), "%s", file->path);
	f->record = file->head;
	for (file = f->first; file != NULL; file = file->after)
		if (file->appended)
			take_back(file);
	files_drop(f);
	errno = error;
	return -1;
}

void
files_close(struct files *f)
{
	files_drop(f);
	while (f->open_count > 0) {
		struct file *file = f->open[0];

		close_one(f, 0);
		forget(f, file);
	}
	free(f->open);
	free(f->next);
	free(f->buf);
	if (f->zstd)
		frame_maker_close(&f->frames);
}
