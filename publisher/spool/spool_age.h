#ifndef PUBLISHER_SPOOL_SPOOL_AGE_H
#define PUBLISHER_SPOOL_SPOOL_AGE_H

#include <stddef.h>
#include <stdint.h>

/*
 * When what is in a spool came: marks of positions and their times, closer to
 * each other than a hundredth of the whole time they span. Zero-initialise
 * one.
 */
enum { SPOOL_AGE_MARKS = 256 };

struct spool_age {
	struct {
		uint64_t position;
		int64_t time;
	} marks[SPOOL_AGE_MARKS];
	size_t count;
	int64_t spacing; /* ms between two marks, at least */
};

/* What stands at this position, the highest yet, came at this time, in ms. */
void spool_age_mark(struct spool_age *a, uint64_t position, int64_t time);

/*
 * When that came which stands at this position, which is not less than the
 * last time. Returns its time, or that of something shortly before it; -1 if
 * there is none.
 */
int64_t spool_age_of(struct spool_age *a, uint64_t position);

#endif
