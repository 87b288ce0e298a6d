#include "source.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "status.h"
#include "stop.h"

enum { RETRY_MS = 1000 }; /* until a spool that is stuck is tried again */

static void
open_spool(struct source *src, const struct sink_options *o,
    const char *program, const char *destination)
{
	enum status status;

	src->spooled = true;
	src->spool = (struct spool){.path = o->spool,
	    .program = program,
	    .destination = destination,
	    .max = o->spool_max,
	    .sync_ms = o->sync,
	    .record_max = src->in.max};
	status = spool_open(&src->spool, src->fd);
	if (status != STATUS_OK)
		die(status, "%s", src->spool.owner.why);
	for (size_t i = 0; i < src->spool.segments.count; i++)
		spool_age_mark(&src->age, src->spool.segments.starts[i],
		    segments_time(&src->spool.segments, i));
	if (ledger_open(&src->ledger, src->spool.cursor.position) == -1)
		die(STATUS_FAILED, "out of memory");
}

void
source_open(struct source *src, int fd, size_t record_max,
    const struct sink_options *o, const char *program, const char *destination)
{
	memset(src, 0, sizeof(*src));
	src->fd = fd;
	if (line_open(&src->in, fd, record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	if (o->spool != NULL)
		open_spool(src, o, program, destination);
}

void
source_close(struct source *src)
{
	line_close(&src->in);
	if (!src->spooled)
		return;
	spool_close(&src->spool);
	ledger_close(&src->ledger);
}

bool
source_wants(const struct source *src)
{
	if (src->ended || !src->spooled || stop_requested())
		return !src->ended;
	return !src->held && clock_mono() >= src->retry &&
	    !spool_full(&src->spool);
}

bool
source_pending(const struct source *src)
{
	return src->spooled && spool_pending(&src->spool);
}

/* The spool cannot be written: the input waits, and so do we. */
static void
wait_for_room(struct source *src)
{
	unsigned long held;

	if (log_limit(&src->stuck, &held))
		log_warn("cannot write to the spool '%s': %s; the input waits",
		    src->spool.path, strerror(errno));
	src->retry = clock_mono() + RETRY_MS;
}

static int
take_spooled(struct source *src)
{
	spool_age_mark(&src->age, src->spool.end, clock_wall());
	if (stop_requested()) {
		src->ended = true;
		return spool_finish(&src->spool, src->fd);
	}
	switch (spool_take(&src->spool, src->fd)) {
	case SPOOL_TAKEN:
		return 0;
	case SPOOL_END:
		src->ended = true;
		return 0;
	case SPOOL_STUCK:
		wait_for_room(src);
		return 0;
	case SPOOL_UNREADABLE:
		break;
	}
	src->ended = true;
	return -1;
}

int
source_take(struct source *src)
{
	int got;

	if (src->spooled)
		return take_spooled(src);
	got = line_fill(&src->in);
	src->ended = got <= 0;
	return got == -1 ? -1 : 0;
}

/* A line out of the spool; what line_fill and line_next do, without it. */
static int
read_line(struct source *src, struct line *line)
{
	ssize_t n;

	while (!line_next(&src->in, line)) {
		n = spool_read(&src->spool, line_room(&src->in), LINE_BLOCK);
		if (n <= 0)
			return (int)n;
		line_add(&src->in, (size_t)n);
	}
	return 1;
}

/*
 * Number a line of the spool, or a part of one. Returns true if it is to be
 * given: it was not settled before.
 */
static bool
number(struct source *src, const struct line *line)
{
	struct ledger *l = &src->ledger;
	uint64_t end = src->spool.read - line_left(&src->in);

	if (line->first) {
		bool new = ++src->number == l->high;

		src->passing = !new && ledger_settled(l, src->number);
		if (new)
			ledger_add(l, end);
	} else if (!src->passing) {
		ledger_extend(l, end);
	}
	return !src->passing;
}

int
source_next(struct source *src, struct line *line)
{
	int got;

	if (!src->spooled) {
		got = line_next(&src->in, line);
		src->number += got == 1 && line->first;
		return got;
	}
	do {
		if (ledger_full(&src->ledger))
			return 0;
		got = read_line(src, line);
	} while (got == 1 && !number(src, line));
	return got;
}

void
source_settle(struct source *src, uint64_t number)
{
	if (src->spooled)
		ledger_settle(&src->ledger, number);
}

void
source_advance(struct source *src)
{
	if (src->spooled)
		spool_settle(&src->spool, src->ledger.position);
}

void
source_rewind(struct source *src)
{
	line_forget(&src->in);
	spool_seek(&src->spool, src->ledger.position);
	src->number = src->ledger.low - 1;
}

bool
source_unsettled(const struct source *src, uint64_t number)
{
	const struct ledger *l = &src->ledger;

	return number >= l->low && number < l->high &&
	    !ledger_settled(l, number);
}

uint64_t
source_position(const struct source *src, uint64_t number)
{
	return ledger_end(&src->ledger, number);
}

void
source_hold(struct source *src)
{
	src->held = src->spool.restarted;
}

int
source_resume(struct source *src, uint64_t position, uint64_t *settled)
{
	struct ledger *l = &src->ledger;
	uint64_t before = l->low;

	src->held = false;
	while (l->low < l->high && ledger_end(l, l->low) <= position)
		ledger_settle(l, l->low);
	*settled = l->low - before;
	if (position > l->position) {
		l->position = position;
		if (spool_skip(&src->spool, position) == -1)
			return -1;
	}
	source_rewind(src);
	return 0;
}

uint64_t
source_bytes(const struct source *src)
{
	return src->spooled ? spool_bytes(&src->spool) : 0;
}

int64_t
source_age(struct source *src)
{
	int64_t since;

	if (source_bytes(src) == 0)
		return 0;
	since = spool_age_of(&src->age, src->spool.cursor.position);
	return since < 0 ? 0 : clock_wall() - since;
}
