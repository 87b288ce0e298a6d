#include "spool_owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "atomic.h"
#include "cursor.h"
#include "json.h"
#include "log.h"
#include "scan.h"
#include "segment.h"

#define FILE_NAME "spool.json"

enum { TEXT_MAX = 4096, NAME_LEN_MAX = 512 };

__attribute__((format(printf, 3, 4))) static enum status
fail(struct spool_owner *o, enum status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->why, sizeof(o->why), fmt, ap);
	va_end(ap);
	return status;
}

static enum status
take_lock(struct spool_owner *o, int dir, const char *path)
{
	o->lock = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (o->lock == -1)
		return fail(o, STATUS_FAILED, "cannot lock the spool '%s': %s",
		    path, strerror(errno));
	if (flock(o->lock, LOCK_EX | LOCK_NB) == 0)
		return STATUS_OK;
	return fail(o, STATUS_FAILED,
	    "the spool '%s' is in use by another process: %s", path,
	    errno == EWOULDBLOCK ? "give each publisher its own" :
				   strerror(errno));
}

/* True if nothing is in the directory but what an interrupted start left. */
static bool
is_empty(const char *path)
{
	struct dirent *entry;
	bool empty = true;
	DIR *list = opendir(path);

	if (list == NULL)
		return false;
	while ((entry = readdir(list)) != NULL)
		empty = empty &&
		    (entry->d_name[0] == '.' ||
			strcmp(entry->d_name, "lock") == 0 ||
			strncmp(entry->d_name, FILE_NAME, strlen(FILE_NAME)) ==
			    0);
	closedir(list);
	return empty;
}

/* Say in the file whose it is from now on. */
static enum status
sign(struct spool_owner *o, const char *file, const char *program,
    const char *destination)
{
	char text[TEXT_MAX], *p = text;
	uint64_t lot;

	if (getrandom(&lot, sizeof(lot), 0) != sizeof(lot))
		return fail(o, STATUS_FAILED, "no random numbers: %s",
		    strerror(errno));
	snprintf(o->id, sizeof(o->id), "%016" PRIx64, lot);
	p = json_int(json_raw(p, SLICE("{\"format\":")), SPOOL_FORMAT);
	p = json_string(json_raw(p, SLICE(",\"program\":")), slice_of(program));
	p = json_raw(p, SLICE(",\"destination\":"));
	p = json_string(p, slice_of(destination));
	p = json_string(json_raw(p, SLICE(",\"id\":")), slice_of(o->id));
	p = json_raw(p, SLICE("}\n"));
	if (atomic_write(file, (struct slice){text, (size_t)(p - text)},
		true) == 0)
		return STATUS_OK;
	return fail(o, STATUS_FAILED, "cannot write '%s': %s", file,
	    strerror(errno));
}

static enum status
make(struct spool_owner *o, const char *path, const char *file,
    const char *program, const char *destination)
{
	if (is_empty(path))
		return sign(o, file, program, destination);
	return fail(o, STATUS_USAGE,
	    "'%s' is no spool, and holds other files: give an empty "
	    "directory, or one that is not there yet",
	    path);
}

/* What spool.json says. */
struct said {
	int64_t format;
	char program[NAME_LEN_MAX], destination[NAME_LEN_MAX];
	char id[NAME_LEN_MAX];
};

static void
keep(char to[NAME_LEN_MAX], const struct scan_member *m)
{
	if (m->kind == SCAN_STRING && m->value.len < NAME_LEN_MAX)
		*scan_unescape(to, m->value) = '\0';
}

static bool
understand(struct slice text, struct said *said)
{
	struct scan_member m;
	struct scan scan;

	memset(said, 0, sizeof(*said));
	scan_open(&scan, text);
	while (scan_next(&scan, &m)) {
		if (slice_eq(m.key, SLICE("format")))
			said->format = strtoll(m.value.p, NULL, 10);
		else if (slice_eq(m.key, SLICE("program")))
			keep(said->program, &m);
		else if (slice_eq(m.key, SLICE("destination")))
			keep(said->destination, &m);
		else if (slice_eq(m.key, SLICE("id")))
			keep(said->id, &m);
	}
	return scan.error == NULL && said->format != 0 &&
	    strlen(said->id) == SPOOL_ID_SIZE - 1;
}

/* True if the segments end where everything is settled. */
static bool
is_settled(int dir)
{
	struct segments segments;
	struct cursor cursor;
	off_t size = 0;
	int fd = -1;

	if (segments_open(&segments, dir) == -1)
		return false;
	if (segments.count > 0) {
		fd = segments_open_one(&segments, segments.count - 1, O_RDONLY);
		size = fd == -1 ? -1 : lseek(fd, 0, SEEK_END);
		if (size != -1)
			size += (off_t)segments.starts[segments.count - 1];
	}
	if (fd != -1)
		close(fd);
	segments_free(&segments);
	if (size == -1 || cursor_open(&cursor, dir) == -1)
		return false;
	cursor_close(&cursor);
	return cursor.position >= (uint64_t)size;
}

/*
 * It is another's. Who comes after one that left nothing takes it over, with
 * an id of its own: what brokers know of the old one is not about what comes.
 */
static enum status
take_over(struct spool_owner *o, int dir, const char *path, const char *file,
    const struct said *said, const char *program, const char *destination)
{
	enum status status;

	if (!is_settled(dir))
		return fail(o, STATUS_USAGE,
		    "the spool '%s' belongs to %s into '%s', not to %s into "
		    "'%s', and still holds records: give each its own",
		    path, said->program, said->destination, program,
		    destination);
	status = sign(o, file, program, destination);
	if (status == STATUS_OK)
		log_info("the spool '%s' of %s into '%s' was empty, and is now "
			 "that of %s into '%s'",
		    path, said->program, said->destination, program,
		    destination);
	return status;
}

static enum status
check(struct spool_owner *o, int dir, const char *path, const char *file,
    struct slice text, const char *program, const char *destination)
{
	struct said said;

	if (!understand(text, &said))
		return fail(o, STATUS_USAGE,
		    "'%s/" FILE_NAME "' is damaged: put another in its place, "
		    "or use another spool",
		    path);
	if (said.format != SPOOL_FORMAT)
		return fail(o, STATUS_USAGE,
		    "the spool '%s' was written by another version, in format "
		    "%" PRId64 ", not %d: let that version send what it holds",
		    path, said.format, SPOOL_FORMAT);
	if (strcmp(said.program, program) != 0 ||
	    strcmp(said.destination, destination) != 0)
		return take_over(o, dir, path, file, &said, program,
		    destination);
	memcpy(o->id, said.id, sizeof(o->id));
	return STATUS_OK;
}

enum status
spool_owner_open(struct spool_owner *o, int dir, const char *path,
    const char *program, const char *destination)
{
	enum status status = take_lock(o, dir, path);
	char file[PATH_MAX], *text;
	size_t len;

	if (status != STATUS_OK)
		return status;
	if ((size_t)snprintf(file, sizeof(file), "%s/" FILE_NAME, path) >=
	    sizeof(file))
		return fail(o, STATUS_USAGE, "'%.100s…' is too long", path);
	text = atomic_read(file, TEXT_MAX, &len);
	if (text == NULL && errno == ENOENT)
		return make(o, path, file, program, destination);
	if (text == NULL)
		return fail(o, STATUS_FAILED, "cannot read '%s': %s", file,
		    strerror(errno));
	status = check(o, dir, path, file, (struct slice){text, len}, program,
	    destination);
	free(text);
	return status;
}

void
spool_owner_close(struct spool_owner *o)
{
	if (o->lock != -1)
		close(o->lock);
	o->lock = -1;
}
