#ifndef CLASSIFIER_COUNTS_H
#define CLASSIFIER_COUNTS_H

#include "classifier.h"
#include "metrics.h"

/*
 * The metrics file of irc-classify, while it is one of several stages: its
 * input is no file, and there is a run directory.
 */
struct counts {
	struct metrics metrics;
	uint64_t lines; /* as last written */
};

/* Returns 0, or -1 with errno set. */
int counts_open(struct counts *counts);

/*
 * How long to wait for input before the file is to be written: -1, without
 * limit, when it says all there is to say.
 */
int counts_wait(const struct counts *counts, const struct classifier *c);

/* Write the file if it is time to. */
void counts_write(struct counts *counts, const struct classifier *c);

/* Write it a last time. */
void counts_close(struct counts *counts, const struct classifier *c);

#endif
