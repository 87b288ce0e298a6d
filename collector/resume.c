#include "resume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "clock.h"
#include "log.h"
#include "scan.h"

enum { FILE_MAX = 256 * 1024 * 1024 }; /* a million channels */

static int64_t
number(struct slice text)
{
	int64_t v = 0;

	for (size_t i = 0; i < text.len && v < INT64_MAX / 100; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
		v = 10 * v + text.p[i] - '0';
	}
	return v;
}

/*
 * A line of the file: an object that is an entry of a list, when it is one.
 * False when it is damaged.
 */
static bool
read_entry(struct slice line, struct reconcile *r)
{
	struct slice channel = {"", 0};
	struct scan_member m;
	struct scan s;
	int64_t until = 0, wall = clock_wall();

	scan_open(&s, line);
	while (scan_next(&s, &m))
		if (slice_eq(m.key, SLICE("channel")))
			channel = m.value;
		else if (slice_eq(m.key, SLICE("complete_until")))
			until = number(m.value);
	if (s.error != NULL)
		return false;
	if (until == 0)
		return true;
	if (until > wall)
		until = wall; /* the clock was put back */
	/* One less: the clocks' milliseconds do not begin together. */
	reconcile_resume(r, channel, clock_mono() - (wall - until) - 1,
	    "restarted");
	return true;
}

/* Without what stands between entries and after the last. */
static struct slice
trim(struct slice line)
{
	static const char *const ends[] = {",", "]}", "]"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct slice end = slice_of(ends[i]);

		if (line.len > end.len &&
		    memcmp(line.p + line.len - end.len, end.p, end.len) == 0) {
			line.len -= end.len;
			break;
		}
	}
	return line;
}

static bool
read_all(struct slice text, struct reconcile *r)
{
	static const struct slice begin = {"{\"channel\":", 11};
	const char *lf;
	bool whole = text.len > 2 && text.p[text.len - 1] == '\n';

	while ((lf = memchr(text.p, '\n', text.len)) != NULL) {
		struct slice line = {text.p, (size_t)(lf - text.p)};

		text.len -= line.len + 1;
		text.p = lf + 1;
		if (line.len > begin.len &&
		    memcmp(line.p, begin.p, begin.len) == 0)
			whole &= read_entry(trim(line), r);
	}
	return whole;
}

void
resume_read(const char *path, struct reconcile *reconcile)
{
	size_t len;
	char *text = atomic_read(path, FILE_MAX, &len);

	if (text == NULL && errno == ENOENT)
		return;
	if (text == NULL)
		log_warn("cannot read '%s', what was missed since the last run "
			 "is not known: %s",
		    path, strerror(errno));
	else if (!read_all((struct slice){text, len}, reconcile))
		log_warn("'%s' is damaged, what was missed since the last run "
			 "is not all known",
		    path);
	free(text);
}
