#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "stop.h"

void
sink_acked(struct sink *s, uint64_t number, int64_t us)
{
	(void)number;
	s->in_flight--;
	s->acked++;
	histogram_add(&s->latency, us);
	/* After the end of the input, patience lasts while there is progress.
	 */
	if (s->ended && !stop_requested())
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
reject(struct sink *s, struct slice record, const char *why)
{
	count_rejected(s, why);
	reject_record(&s->reject, why, record);
}

void
sink_refused(struct sink *s, uint64_t number, struct slice record,
    const char *why)
{
	(void)number;
	s->in_flight--;
	reject(s, record, why);
}

static void
abandon(struct sink *s, struct slice record)
{
	s->abandoned++;
	reject_record(&s->reject, "not acknowledged when time was over",
	    record);
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
}

static void
keep_rejected(struct sink *s, int (*flush)(struct reject *))
{
	char why[512];

	if (flush(&s->reject) == 0)
		return;
	snprintf(why, sizeof(why), "cannot write '%.400s': %s",
	    s->options.reject, strerror(errno));
	fail(s, STATUS_FAILED, why);
}

/* The name of a metric family: this program's with underscores, and `what`. */
static const char *
family(const struct sink *s, const char *what, char name[SINK_NAME_MAX])
{
	snprintf(name, SINK_NAME_MAX, "%s_%s", s->program, what);
	for (char *p = name; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

void
sink_metric(struct sink *s, const char *what, const char *kind,
    const char *help, double v)
{
	char name[SINK_NAME_MAX];

	metrics_family(&s->metrics, family(s, what, name), kind, help);
	metrics_value(&s->metrics, NULL, v);
}

void
sink_histogram(struct sink *s, const char *what, const char *help,
    const struct histogram *h)
{
	char name[SINK_NAME_MAX];

	histogram_write(h, &s->metrics, family(s, what, name), help);
}

static void
write_metrics(struct sink *s)
{
	sink_metric(s, "records_total", "counter", "Records read.",
	    (double)s->records);
	sink_metric(s, "acknowledged_total", "counter",
	    "Records that the destination has acknowledged.", (double)s->acked);
	sink_metric(s, "rejected_total", "counter",
	    "Records that cannot be published.", (double)s->rejected);
	sink_metric(s, "in_flight", "gauge",
	    "Records taken and not yet acknowledged.", (double)s->in_flight);
	sink_histogram(s, "latency_seconds",
	    "Time from reading a record to its acknowledgement.", &s->latency);
	s->ops->metrics(s->dest);
	metrics_write(&s->metrics);
}

/* True when nothing more is to be waited for. */
static bool
over(struct sink *s)
{
	if (s->dead)
		return true;
	if (s->deadline == 0 && (s->ended || stop_requested()))
		s->deadline = clock_mono() + s->options.grace;
	return s->deadline != 0 && clock_mono() >= s->deadline;
}

/* Milliseconds that the loop may sleep. */
static int
patience(const struct sink *s)
{
	int64_t wait = metrics_wait(&s->metrics);
	int64_t left = s->deadline - clock_mono();

	if (s->deadline != 0 && left < wait)
		wait = left < 0 ? 0 : left;
	return (int)wait;
}

/*
 * Sleep until the destination has something to say, or there is input (fd,
 * or -1 for none), or a stop is requested, or something is due; and serve the
 * destination. Returns true if there is input.
 */
static bool
wait_event(struct sink *s, int fd)
{
	struct pollfd fds[] = {{.fd = s->fd, .events = POLLIN},
	    {.fd = fd, .events = POLLIN},
	    {.fd = stop_requested() ? -1 : stop_fd(), .events = POLLIN}};
	const char *why = NULL;
	enum status status;

	if (poll(fds, 3, patience(s)) == -1)
		return false; /* EINTR: the caller looks again */
	status = s->ops->serve(s->dest, &why);
	if (status != STATUS_OK) {
		s->dead = true;
		fail(s, status, why);
	}
	if (metrics_due(&s->metrics))
		write_metrics(s);
	return fds[1].revents != 0;
}

/* Give a record to the destination, waiting until there is room. */
static void
put(struct sink *s, struct slice record)
{
	const char *why = NULL;

	s->records++;
	for (;;) {
		switch (s->ops->put(s->dest, s->records, record, &why)) {
		case SINK_TAKEN:
			s->in_flight++;
			return;
		case SINK_BAD:
			reject(s, record, why);
			return;
		case SINK_FULL:
			break;
		}
		if (over(s)) {
			abandon(s, record);
			return;
		}
		wait_event(s, -1);
	}
}

/* A line; one longer than a record may be comes in pieces and is rejected. */
static void
take_line(struct sink *s, const struct line *line)
{
	char why[64];

	if (line->first && line->last) {
		put(s, line->text);
		return;
	}
	if (line->first) {
		snprintf(why, sizeof(why), "longer than %zu bytes",
		    s->record_max);
		s->records++;
		count_rejected(s, why);
		reject_begin(&s->reject, why);
	}
	reject_piece(&s->reject, line->text);
	if (line->last)
		reject_end(&s->reject);
}

/* Read until the input ends, a stop is requested or the destination fails. */
static void
pump(struct sink *s, int fd)
{
	char why[128];
	struct line line;
	int got = 1;

	while (got == 1 && s->status == STATUS_OK) {
		if (!wait_event(s, fd) && !stop_requested())
			continue;
		got = line_fill(&s->in);
		while (line_next(&s->in, &line))
			take_line(s, &line);
		keep_rejected(s, reject_flush);
	}
	if (got == -1) {
		snprintf(why, sizeof(why), "cannot read the input: %s",
		    strerror(errno));
		fail(s, STATUS_FAILED, why);
	}
	s->ended = true;
	if (s->ops->hurry != NULL)
		s->ops->hurry(s->dest);
}

/* Wait for the fates of what is in flight; give up on the rest. */
static void
drain(struct sink *s)
{
	while (s->in_flight > 0 && !over(s))
		wait_event(s, -1);
	if (s->in_flight > 0)
		s->ops->abandon(s->dest);
	keep_rejected(s, reject_flush);
}

static enum status
account(struct sink *s)
{
	const char *kept = s->options.reject;

	if (s->rejected > 0)
		log_warn("%" PRIu64 " of %" PRIu64 " records were rejected%s%s",
		    s->rejected, s->records, kept == NULL ? "" : ", see ",
		    kept == NULL ? "" : kept);
	if (s->abandoned > 0)
		log_error("%" PRIu64 " of %" PRIu64
			  " records were not acknowledged%s%s",
		    s->abandoned, s->records, kept == NULL ? "" : ", see ",
		    kept == NULL ? "" : kept);
	if (s->status != STATUS_OK)
		return s->status;
	return s->abandoned > 0 || (s->rejected > 0 && kept == NULL) ?
	    STATUS_FAILED :
	    STATUS_OK;
}

enum status
sink_run(struct sink *s, int fd)
{
	if (line_open(&s->in, fd, s->record_max) == -1)
		die(STATUS_FAILED, "out of memory");
	if (reject_open(&s->reject, s->options.reject) == -1)
		die(STATUS_USAGE, "cannot write '%s': %s", s->options.reject,
		    strerror(errno));
	if (metrics_open(&s->metrics, s->program, NULL) == -1)
		log_warn("cannot write metrics: %s", strerror(errno));

	pump(s, fd);
	drain(s);

	write_metrics(s);
	metrics_close(&s->metrics);
	line_close(&s->in);
	keep_rejected(s, reject_close);
	return account(s);
}
