#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "stop.h"

enum { FEED_MAX = 1024 }; /* records, between two looks at the input */

void
sink_acked(struct sink *s, uint64_t number, int64_t us)
{
	s->in_flight--;
	s->acked++;
	histogram_add(&s->latency, us);
	source_settle(&s->source, number);
	/* After the end of the input, patience lasts while there is progress.
	 */
	if (s->source.ended && !stop_requested())
		s->deadline = clock_mono() + s->options.grace;
}

/* Count a record that will never be published, and name one a second. */
static void
count_rejected(struct sink *s, const char *why)
{
	unsigned long held;

	s->rejected++;
	if (!log_limit(&s->rejections, &held))
		return;
	if (held == 0)
		log_warn("rejected a record: %s", why);
	else
		log_warn("rejected a record: %s (and %lu others since the last "
			 "such message)",
		    why, held);
}

static void
reject(struct sink *s, uint64_t number, struct slice record, const char *why)
{
	count_rejected(s, why);
	reject_record(&s->reject, why, record);
	s->unkept = true;
	source_settle(&s->source, number);
}

void
sink_refused(struct sink *s, uint64_t number, struct slice record,
    const char *why)
{
	s->in_flight--;
	reject(s, number, record, why);
}

/* One that is not in a spool is lost, but for the file of rejected ones. */
static void
abandon(struct sink *s, struct slice record)
{
	s->abandoned++;
	if (s->source.spooled)
		return;
	reject_record(&s->reject, "not acknowledged when time was over",
	    record);
	s->unkept = true;
}

void
sink_abandoned(struct sink *s, uint64_t number, struct slice record)
{
	(void)number;
	s->in_flight--;
	abandon(s, record);
}

/* Say what is wrong, once: what follows from it is not worth a word. */
static void
fail(struct sink *s, enum status status, const char *why)
{
	if (s->status != STATUS_OK)
		return;
	log_error("%s", why);
	s->status = status;
	s->source.ended = true;
}

static void
keep_rejected(struct sink *s, int (*keep)(struct reject *))
{
	char why[512];

	if (keep(&s->reject) == 0)
		return;
	snprintf(why, sizeof(why), "cannot write '%.400s': %s",
	    s->options.reject, strerror(errno));
	fail(s, STATUS_FAILED, why);
}

/*
 * Make good what was settled. What was rejected comes first: the spool lets go
 * of it.
 */
static void
advance(struct sink *s)
{
	if (s->unkept)
		keep_rejected(s,
		    s->source.spooled ? reject_sync : reject_flush);
	s->unkept = false;
	if (!reject_failed(&s->reject))
		source_advance(&s->source);
}

int
sink_position(struct sink *s, uint64_t number, uint64_t *position)
{
	*position = source_position(&s->source, number);
	if (s->unkept)
		keep_rejected(s, reject_sync);
	s->unkept = false;
	return reject_failed(&s->reject) ? -1 : 0;
}

const char *
sink_spool_id(const struct sink *s)
{
	return s->source.spool.owner.id;
}

bool
sink_unsettled(const struct sink *s, uint64_t number)
{
	return source_unsettled(&s->source, number);
}

void
sink_hold(struct sink *s)
{
	source_hold(&s->source);
}

void
sink_resume(struct sink *s, uint64_t position)
{
	uint64_t settled;

	if (source_resume(&s->source, position, &settled) == -1) {
		s->dead = true;
		fail(s, STATUS_FAILED, "cannot write to the spool");
	}
	s->acked += settled < s->in_flight ? settled : s->in_flight;
	sink_rewind(s);
}

void
sink_rewind(struct sink *s)
{
	source_rewind(&s->source);
	s->in_flight = 0;
	s->holding = false;
	s->more = true;
}

/* True when time is over. */
static bool
over(struct sink *s)
{
	if (s->deadline == 0 && (s->source.ended || stop_requested()))
		s->deadline = clock_mono() + s->options.grace;
	return s->deadline != 0 && clock_mono() >= s->deadline;
}

/* Milliseconds that the loop may sleep. */
static int
patience(const struct sink *s)
{
	int64_t wait = metrics_wait(&s->metrics);
	int64_t left = s->deadline - clock_mono();

	int64_t due = s->ops->due == NULL ? 0 : s->ops->due(s->dest);

	if (s->more)
		return 0;
	if (s->deadline != 0 && left < wait)
		wait = left;
	if (due != 0 && due - clock_mono() < wait)
		wait = due - clock_mono();
	return wait < 0 ? 0 : (int)wait;
}

/* True if the input may be taken: without a spool, one block at a time. */
static bool
wants_input(const struct sink *s)
{
	return (s->source.spooled || s->idle) && source_wants(&s->source);
}

/*
 * Sleep until the destination has something to say, or there is input, or a
 * stop is requested, or something is due; and serve the destination, and the
 * input.
 */
static void
wait_event(struct sink *s)
{
	struct pollfd fds[] = {{.fd = s->fd, .events = POLLIN},
	    {.fd = wants_input(s) ? s->source.fd : -1, .events = POLLIN},
	    {.fd = stop_requested() ? -1 : stop_fd(), .events = POLLIN}};
	const char *why = NULL;
	enum status status;
	char text[128];

	if (poll(fds, 3, patience(s)) == -1)
		return; /* EINTR: the caller comes again */
	status = s->ops->serve(s->dest, &why);
	if (status != STATUS_OK) {
		s->dead = true;
		fail(s, status, why);
	}
	if ((fds[1].revents != 0 || (stop_requested() && wants_input(s))) &&
	    source_take(&s->source) == -1) {
		snprintf(text, sizeof(text), "cannot read the input: %s",
		    strerror(errno));
		fail(s, STATUS_FAILED, text);
	}
	if (metrics_due(&s->metrics))
		sink_write_metrics(s);
}

/* Have the next line in s->line. Returns false if there is none now. */
static bool
fetch(struct sink *s)
{
	char why[128];

	if (s->holding)
		return true;
	switch (source_next(&s->source, &s->line)) {
	case -1:
		snprintf(why, sizeof(why), "cannot read the spool: %s",
		    strerror(errno));
		s->dead = true;
		fail(s, STATUS_FAILED, why);
		return false;
	case 0:
		return false;
	}
	s->holding = true;
	if (s->source.number > s->records)
		s->records = s->source.number;
	return true;
}

/* A part of a line that is longer than a record may be. */
static void
reject_part(struct sink *s)
{
	char why[64];

	if (s->line.first) {
		snprintf(why, sizeof(why), "longer than %zu bytes",
		    s->record_max);
		count_rejected(s, why);
		reject_begin(&s->reject, why);
		source_settle(&s->source, s->source.number);
	}
	reject_piece(&s->reject, s->line.text);
	if (s->line.last)
		reject_end(&s->reject);
	s->unkept = true;
}

/* Give s->line to the destination. Returns false if it has to wait. */
static bool
give(struct sink *s)
{
	uint64_t number = s->source.number;
	const char *why = NULL;

	if (!s->line.first || !s->line.last) {
		reject_part(s);
		return true;
	}
	switch (s->ops->put(s->dest, number, s->line.text, &why)) {
	case SINK_TAKEN:
		s->in_flight++;
		return true;
	case SINK_BAD:
		reject(s, number, s->line.text, why);
		return true;
	case SINK_FULL:
		break;
	}
	return false;
}

/*
 * Give the destination what there is: until it is full, there is no more, or
 * it is time to look at the input again.
 */
static void
feed(struct sink *s)
{
	s->more = s->idle = false;
	for (int i = 0; i < FEED_MAX; i++) {
		if (s->dead || (s->source.spooled && s->status != STATUS_OK) ||
		    !fetch(s)) {
			s->idle = true;
			return;
		}
		if (!give(s))
			return;
		s->holding = false;
	}
	s->more = true;
}

/* Until every record has its fate, or there is no hope, or time is over. */
static void
pump(struct sink *s)
{
	bool hurried = false;

	s->idle = true;
	while (!s->dead && !over(s) &&
	    (!s->source.ended || !s->idle || s->in_flight > 0)) {
		wait_event(s);
		feed(s);
		if (s->source.ended && s->idle && !hurried &&
		    s->ops->hurry != NULL) {
			s->ops->hurry(s->dest);
			hurried = true;
		}
		advance(s);
	}
}

/* Give up on what has no fate yet. */
static void
give_up(struct sink *s)
{
	if (s->in_flight > 0)
		s->ops->abandon(s->dest);
	while (!s->source.spooled && fetch(s)) {
		if (s->line.first && s->line.last)
			abandon(s, s->line.text);
		else
			reject_part(s);
		s->holding = false;
	}
	advance(s);
}

static enum status
account(struct sink *s)
{
	const char *kept = s->options.reject;
	uint64_t left = source_bytes(&s->source);

	if (s->rejected > 0)
		log_warn("%" PRIu64 " of %" PRIu64 " records were rejected%s%s",
		    s->rejected, s->records, kept == NULL ? "" : ", see ",
		    kept == NULL ? "" : kept);
	if (left > 0)
		log_error("%" PRIu64 " bytes of records stay in the spool "
			  "'%s', to be sent at the next start",
		    left, s->options.spool);
	else if (s->abandoned > 0)
		log_error("%" PRIu64 " of %" PRIu64
			  " records were not acknowledged%s%s",
		    s->abandoned, s->records, kept == NULL ? "" : ", see ",
		    kept == NULL ? "" : kept);
	if (s->status != STATUS_OK)
		return s->status;
	return left > 0 || s->abandoned > 0 ||
		(s->rejected > 0 && kept == NULL) ?
	    STATUS_FAILED :
	    STATUS_OK;
}

void
sink_open(struct sink *s, int fd)
{
	if (s->open)
		return;
	s->open = true;
	source_open(&s->source, fd, s->record_max, &s->options, s->program,
	    s->destination);
	if (reject_open(&s->reject, s->options.reject) == -1)
		die(STATUS_USAGE, "cannot write '%s': %s", s->options.reject,
		    strerror(errno));
	if (metrics_open(&s->metrics, s->program, NULL) == -1)
		log_warn("cannot write metrics: %s", strerror(errno));
}

enum status
sink_run(struct sink *s, int fd)
{
	enum status status;

	sink_open(s, fd);
	pump(s);
	give_up(s);

	sink_write_metrics(s);
	metrics_close(&s->metrics);
	keep_rejected(s, reject_close);
	status = account(s);
	source_close(&s->source);
	return status;
}
