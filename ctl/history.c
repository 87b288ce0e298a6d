#include "history.h"

/*
 * The reader writes its counter once a second and we look once a second, but
 * not in step: the time between two values is that between their writing.
 */
static double
rate_since(const struct history *h, double lines, int64_t written)
{
	double more = lines < h->lines ? lines : lines - h->lines;

	/* Its first value counts from a time that nobody knows. */
	if (h->written == 0)
		return 0;
	return more * 1000 / (double)(written - h->written);
}

void
history_sample(struct history *h, const struct textfiles *files)
{
	const struct textfile *file = NULL;
	double lines = 0, rate = h->n == 0 ? 0 : history_rate(h, 0);

	for (size_t i = 0; i < files->n && file == NULL; i++)
		if (textfile_sum(&files->v[i], "ws_reader_lines_total", &lines))
			file = &files->v[i];
	if (file == NULL || textfile_is_stale(file)) {
		rate = 0;
	} else if (file->written > h->written) {
		rate = rate_since(h, lines, file->written);
		h->lines = lines;
		h->written = file->written;
	}
	h->rates[h->next] = rate;
	h->next = (h->next + 1) % HISTORY_SECONDS;
	if (h->n < HISTORY_SECONDS)
		h->n++;
}

double
history_rate(const struct history *h, size_t ago)
{
	return h
	    ->rates[(h->next + HISTORY_SECONDS - 1 - ago) % HISTORY_SECONDS];
}

double
history_now(const struct history *h)
{
	size_t n = h->n < HISTORY_NOW ? h->n : HISTORY_NOW;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += history_rate(h, i);
	return n == 0 ? 0 : sum / (double)n;
}
