#ifndef CLASSIFIER_COUNTS_H
#define CLASSIFIER_COUNTS_H

#include "classifier.h"
#include "metrics.h"

/*
 * The metrics file of irc-classify, for as long as it is a stage: its input is
 * no file, and it lives for more than METRICS_PERIOD.
 */
struct counts {
	struct metrics metrics;
	bool stage, open;
	int64_t begin;  /* on clock_mono() */
	uint64_t lines; /* as last written */
};

void counts_open(struct counts *counts);

/*
 * How long to wait for input before the file is to be written: -1, without
 * limit, when it says all there is to say.
 */
int counts_wait(const struct counts *counts, const struct classifier *c);

/* Write the file if it is time to. A failure is warned about. */
void counts_write(struct counts *counts, const struct classifier *c);

/* Write it a last time. */
void counts_close(struct counts *counts, const struct classifier *c);

#endif
