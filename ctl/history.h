#ifndef CTL_HISTORY_H
#define CTL_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "textfile.h"

/*
 * How many IRC lines a second the reader received, for the last minutes:
 * its counter, looked at once a second. Zero-initialise.
 */
enum {
	HISTORY_SECONDS = 300,
	HISTORY_NOW = 5 /* seconds that are called now */
};

struct history {
	double rates[HISTORY_SECONDS]; /* a ring */
	size_t n, next;
	double lines;    /* the counter, when last it was written */
	int64_t written; /* and when that was, Unix ms; 0: never */
};

/* Look at the reader's counter. */
void history_sample(struct history *h, const struct textfiles *files);

/* The rate `ago` samples before the last, ago below h->n. */
double history_rate(const struct history *h, size_t ago);

/* The mean rate of the last HISTORY_NOW samples. */
double history_now(const struct history *h);

#endif
