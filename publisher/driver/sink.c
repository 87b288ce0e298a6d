#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "sink_fate.h"
#include "stop.h"

enum { FEED_MAX = 1024 }; /* records, between two looks at the input */

/*
 * True when time is over. At the end of the input patience lasts while there
 * is progress; on a stop it does not.
 */
static bool
over(struct sink *s)
{
	bool stop = stop_requested();

	if ((s->source.ended || stop) &&
	    (s->deadline == 0 || (s->progress && !stop)))
		s->deadline = clock_mono() + s->options.grace;
	s->progress = false;
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
		fate_failed(s, status, why);
	}
	if ((fds[1].revents != 0 ||
		((stop_requested() || source_pending(&s->source)) &&
		    wants_input(s))) &&
	    source_take(&s->source) == -1) {
		snprintf(text, sizeof(text), "cannot take the input: %s",
		    strerror(errno));
		fate_failed(s, STATUS_FAILED, text);
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
		fate_failed(s, STATUS_FAILED, why);
		return false;
	case 0:
		return false;
	}
	s->holding = true;
	if (s->source.number > s->records)
		s->records = s->source.number;
	return true;
}

/* Give s->line to the destination. Returns false if it has to wait. */
static bool
give(struct sink *s)
{
	uint64_t number = s->source.number;
	const char *why = NULL;

	if (!s->line.first || !s->line.last) {
		fate_rejected_part(s);
		return true;
	}
	switch (s->ops->put(s->dest, number, s->line.text, &why)) {
	case SINK_TAKEN:
		s->in_flight++;
		return true;
	case SINK_BAD:
		fate_rejected(s, number, s->line.text, why);
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
		fate_advance(s);
	}
}

/* Give up on what has no fate yet. */
static void
give_up(struct sink *s)
{
	if (s->in_flight > 0)
		s->ops->abandon(s->dest);
	/* Those that it had no time to tell of. */
	s->abandoned += s->in_flight;
	while (!s->source.spooled && fetch(s)) {
		if (s->line.first && s->line.last)
			fate_abandoned(s, s->line.text);
		else
			fate_rejected_part(s);
		s->holding = false;
	}
	fate_advance(s);
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
	if (metrics_open(&s->metrics, s->program) == -1)
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
	fate_keep(s, reject_close);
	status = account(s);
	source_close(&s->source);
	return status;
}
