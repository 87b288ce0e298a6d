#include "pipeline.h"

#include <stdio.h>

enum { LABEL_MAX = 64 };

static const char *
stage_label(const struct stage *stage, char label[LABEL_MAX])
{
	if (stage->twin == 1)
		snprintf(label, LABEL_MAX, "stage=\"%s\"", stage->name);
	else
		snprintf(label, LABEL_MAX, "stage=\"%s-%u\"", stage->name,
		    stage->twin);
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
		metrics_value(m, stage_label(&p->stages[i], label),
		    p->stages[i].pid != 0);
	metrics_family(m, "twitch_ingest_stage_restarts_total", "counter",
	    "Starts of the stage after it died.");
	for (size_t i = 0; i < p->n; i++)
		metrics_value(m, stage_label(&p->stages[i], label),
		    (double)p->stages[i].restarts);
	metrics_write(m);
}
