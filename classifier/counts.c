#include "counts.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

void
counts_open(struct counts *counts)
{
	struct stat st;

	memset(counts, 0, sizeof(*counts));
	counts->stage = fstat(STDIN_FILENO, &st) == 0 && !S_ISREG(st.st_mode);
	counts->begin = clock_mono();
}

/* Milliseconds until the file is due, 0 or less when it is. */
static int64_t
left(const struct counts *counts)
{
	if (counts->open)
		return metrics_wait(&counts->metrics);
	return counts->begin + METRICS_PERIOD - clock_mono();
}

int
counts_wait(const struct counts *counts, const struct classifier *c)
{
	int64_t ms = left(counts);

	if (!counts->stage || counts->lines == c->lines)
		return -1;
	return ms < 0 ? 0 : (int)ms;
}

static void
say(struct metrics *m, const struct classifier *c)
{
	metrics_family(m, "irc_classify_lines_total", "counter", "Lines read.");
	metrics_value(m, NULL, (double)c->lines);
	metrics_family(m, "irc_classify_bytes_total", "counter",
	    "Bytes of those lines.");
	metrics_value(m, NULL, (double)c->bytes);
	metrics_family(m, "irc_classify_malformed_total", "counter",
	    "Lines that are not IRC, or too long.");
	metrics_value(m, NULL, (double)c->events[EVENT_MALFORMED]);
	metrics_family(m, "irc_classify_events_total", "counter",
	    "Events by type, those not put out among them.");
	for (int t = 0; t < EVENT_TYPE_COUNT; t++) {
		char label[64];

		snprintf(label, sizeof(label), "type=\"%s\"",
		    event_type_info[t].name.p);
		metrics_value(m, label, (double)c->events[t]);
	}
}

void
counts_write(struct counts *counts, const struct classifier *c)
{
	if (!counts->stage || counts->lines == c->lines || left(counts) > 0)
		return;
	if (!counts->open &&
	    metrics_open(&counts->metrics, "irc-classify") == -1) {
		log_warn("cannot make the metrics directory: %s",
		    strerror(errno));
		counts->stage = false;
		return;
	}
	counts->open = true;
	say(&counts->metrics, c);
	metrics_write(&counts->metrics);
	counts->lines = c->lines;
}

void
counts_close(struct counts *counts, const struct classifier *c)
{
	if (!counts->open)
		return;
	say(&counts->metrics, c);
	metrics_close(&counts->metrics);
}
