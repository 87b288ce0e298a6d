#include "file_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int
file_store_open(struct file_store *s, const char *template)
{
	if (path_open(&s->path, template) == -1)
		return -1;
	path_open(&s->checked, template);
	return files_open(&s->files);
}

static enum store_result
connect_files(void *store, struct store_batch *batch)
{
	(void)store;
	(void)batch;
	return STORE_DONE;
}

static const char *
check(void *store, struct slice record)
{
	struct file_store *s = store;

	return path_fill(&s->checked, record) == 0 ? NULL : s->checked.why;
}

/* What an error says of the batch. */
static enum store_result
judge(const struct file_store *s, struct store_batch *batch, int error)
{
	batch->status = STATUS_USAGE;
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
	case EILSEQ:
		return STORE_FATAL;
	case EINVAL:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENOTDIR:
	case ENXIO:
		/* The record's, unless every record has this path. */
		batch->bad = s->files.record;
		return template_constant(&s->path.template) ? STORE_FATAL :
							      STORE_REFUSED;
	default:
		return STORE_RETRY;
	}
}

static const char *
say(const struct file_store *s, int error)
{
	switch (error) {
	case EWOULDBLOCK:
		return "another process writes it";
	case EILSEQ:
		return s->files.zstd ? "it is no zstd file" :
				       "it does not hold lines of JSON";
	case EINVAL:
		return "it is no plain file";
	default:
		return strerror(error);
	}
}

/* Find the file of each record. */
static enum store_result
gather(struct file_store *s, struct store_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (path_fill(&s->path, batch->records[i]) == -1) {
			batch->bad = i;
			snprintf(batch->why, sizeof(batch->why), "%s",
			    s->path.why);
			return STORE_REFUSED;
		}
		if (files_gather(&s->files, s->path.text, i) == -1) {
			snprintf(batch->why, sizeof(batch->why),
			    "out of memory");
			return STORE_RETRY;
		}
	}
	return STORE_DONE;
}

static enum store_result
write_files(void *store, struct store_batch *batch)
{
	struct file_store *s = store;
	enum store_result result = gather(s, batch);
	int error;

	if (result != STORE_DONE) {
		files_drop(&s->files);
		return result;
	}
	if (files_write(&s->files, batch->records) == 0)
		return STORE_DONE;
	error = errno;
	snprintf(batch->why, sizeof(batch->why), "cannot write '%.300s': %s",
	    s->files.culprit, say(s, error));
	return judge(s, batch, error);
}

static void
close_files(void *store)
{
	struct file_store *s = store;

	files_close(&s->files);
}

const struct store_ops file_store_ops = {
    .connect = connect_files,
    .write = write_files,
    .close = close_files,
    .check = check,
};
