#include "summary.h"

void
summary_write(const struct summary *s, struct metrics *m, const char *name,
    const char *help)
{
	static const char *const labels[SUMMARY_QUANTILES] = {
	    "quantile=\"0.5\"", "quantile=\"0.75\"", "quantile=\"0.9\"",
	    "quantile=\"0.95\"", "quantile=\"0.99\""};

	metrics_family(m, name, "summary", help);
	for (int i = 0; i < SUMMARY_QUANTILES; i++)
		metrics_value(m, labels[i], s->quantiles[i]);
	metrics_part(m, "_sum", NULL, s->sum);
	metrics_part(m, "_count", NULL, s->count);
}
