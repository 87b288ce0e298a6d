#include <stdio.h>

#include "sink.h"

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

void
sink_summary(struct sink *s, const char *what, const char *help,
    const struct summary *summary)
{
	char name[SINK_NAME_MAX];

	summary_write(summary, &s->metrics, family(s, what, name), help);
}

void
sink_write_metrics(struct sink *s)
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
	if (s->source.spooled) {
		sink_metric(s, "spool_bytes", "gauge",
		    "Bytes in the spool that are not settled.",
		    (double)source_bytes(&s->source));
		sink_metric(s, "spool_oldest_seconds", "gauge",
		    "How long ago the oldest of them came.",
		    (double)source_age(&s->source) / 1000);
	}
	s->ops->metrics(s->dest);
	metrics_write(&s->metrics);
}
