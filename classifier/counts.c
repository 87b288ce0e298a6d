#include "counts.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirs.h"

int
counts_open(struct counts *counts)
{
	char dir[DIRS_PATH_MAX];
	struct stat st;

	memset(counts, 0, sizeof(*counts));
	if (fstat(STDIN_FILENO, &st) == -1 || S_ISREG(st.st_mode) ||
	    dirs_run(NULL, dir) == -1 || access(dir, W_OK) == -1)
		return 0;
	return metrics_open(&counts->metrics, "irc-classify", NULL);
}

int
counts_wait(const struct counts *counts, const struct classifier *c)
{
	if (counts->metrics.path == NULL || counts->lines == c->lines)
		return -1;
	return metrics_wait(&counts->metrics);
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
	if (!metrics_due(&counts->metrics))
		return;
	say(&counts->metrics, c);
	metrics_write(&counts->metrics);
	counts->lines = c->lines;
}

void
counts_close(struct counts *counts, const struct classifier *c)
{
	if (counts->metrics.path != NULL)
		say(&counts->metrics, c);
	metrics_close(&counts->metrics);
}
