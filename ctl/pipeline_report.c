#include "pipeline.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_MAX = 64 };

/* Two stages may run the same program: the second is NAME-2, and so on. */
static const char *
stage_label(const struct pipeline *p, size_t i, char label[LABEL_MAX])
{
	const struct stage *stage = &p->stages[i];
	int twins = 1;

	for (size_t k = 0; k < i; k++)
		twins += strcmp(p->stages[k].name, stage->name) == 0;
	if (twins == 1)
		snprintf(label, LABEL_MAX, "stage=\"%s\"", stage->name);
	else
		snprintf(label, LABEL_MAX, "stage=\"%s-%d\"", stage->name,
		    twins);
	return label;
}

void
pipeline_report(struct pipeline *p)
{
	struct metrics *m = &p->metrics;
	char label[LABEL_MAX];

	metrics_family(m, "twitch_ingest_stage_up", "gauge",
	    "1 while the stage runs.");
	for (size_t i = 0; i < p->n; i++)
		metrics_value(m, stage_label(p, i, label),
		    p->stages[i].pid != 0);
	metrics_family(m, "twitch_ingest_stage_restarts_total", "counter",
	    "Starts of the stage after it died.");
	for (size_t i = 0; i < p->n; i++)
		metrics_value(m, stage_label(p, i, label),
		    (double)p->stages[i].restarts);
	metrics_write(m);
}
