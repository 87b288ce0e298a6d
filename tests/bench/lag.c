/*
 * How long lines have been on their way: reads what ws-reader writes and, at
 * its end, prints how many chat lines there were and after how many ms half of
 * them, 99 in 100, and the last had come since their tmi-sent-ts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

enum { BLOCK = 1024 * 1024, MOST = 10000 };

static char block[BLOCK + 1];
static unsigned long lags[MOST + 1], count;

static void
take_line(const char *line, const char *end, int64_t now)
{
	static const char tag[] = ";tmi-sent-ts=";
	const char *p =
	    memmem(line, (size_t)(end - line), tag, sizeof(tag) - 1);
	int64_t lag;

	if (p == NULL)
		return;
	lag = now - strtoll(p + sizeof(tag) - 1, NULL, 10);
	lags[lag < 0 ? 0 : lag > MOST ? MOST : lag]++;
	count++;
}

/* After how many ms so many had come. */
static int
lag_of(unsigned long many)
{
	unsigned long n = 0;

	for (int ms = 0; ms < MOST; ms++) {
		n += lags[ms];
		if (n >= many)
			return ms;
	}
	return MOST;
}

int
main(void)
{
	size_t held = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, block + held, BLOCK - held)) > 0) {
		char *p = block, *end = block + held + n, *lf;
		int64_t now = clock_wall();

		*end = '\0';
		while ((lf = memchr(p, '\n', (size_t)(end - p))) != NULL) {
			take_line(p, lf, now);
			p = lf + 1;
		}
		held = (size_t)(end - p);
		memmove(block, p, held);
	}
	printf("%lu %d %d %d\n", count, lag_of((count + 1) / 2),
	    lag_of(count - count / 100), lag_of(count));
	return n == 0 ? 0 : 1;
}
