#include "line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "simd.h"
#include "stop.h"

enum { FINISH_MS = 1000 }; /* how long a begun line may take to end */

int
line_open(struct line_reader *in, int fd, size_t max)
{
	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->max = max;
	in->size = (max + 1 > LINE_BLOCK ? max + 1 : LINE_BLOCK) + LINE_BLOCK;
	in->buf = calloc(1, in->size + LINE_SLACK);
	return in->buf == NULL ? -1 : 0;
}

void
line_close(struct line_reader *in)
{
	free(in->buf);
	in->buf = NULL;
}

static ssize_t
read_some(struct line_reader *in, size_t n)
{
	ssize_t got;

	do
		got = read(in->fd, in->buf + in->end, n);
	while (got == -1 && errno == EINTR && !stop_requested());
	if (got > 0)
		in->end += (size_t)got;
	if (got == 0)
		in->eof = true;
	return got;
}

/* A stop came: end the line that was begun, and take nothing after it. */
static int
finish(struct line_reader *in)
{
	struct pollfd fd = {.fd = in->fd, .events = POLLIN};

	in->eof = true;
	if (in->start == in->end && !in->inside)
		return 0;
	while (in->end < in->size && poll(&fd, 1, FINISH_MS) == 1) {
		if (read_some(in, 1) != 1 || in->buf[in->end - 1] == '\n')
			break;
	}
	return in->end > in->start || in->inside;
}

char *
line_room(struct line_reader *in)
{
	memmove(in->buf, in->buf + in->start, in->end - in->start);
	in->end -= in->start;
	in->scan -= in->start;
	in->start = 0;
	return in->buf + in->end;
}

void
line_add(struct line_reader *in, size_t n)
{
	in->end += n;
}

void
line_forget(struct line_reader *in)
{
	in->start = in->scan = in->end = 0;
	in->seen = 0;
	in->inside = false;
}

size_t
line_left(const struct line_reader *in)
{
	return in->end - in->start;
}

int
line_fill(struct line_reader *in)
{
	if (in->eof)
		return 0;
	line_room(in);
	if (stop_wait(in->fd, POLLIN, -1) == -1)
		return finish(in);
	if (read_some(in, LINE_BLOCK) == -1)
		return stop_requested() ? finish(in) : -1;
	return in->end > in->start || in->inside;
}

static bool
give(struct line_reader *in, struct line *line, size_t end, bool last)
{
	line->text = (struct slice){in->buf + in->start, end - in->start};
	line->first = !in->inside;
	line->last = last;
	line->ascii = line->first && last && (in->seen & SIMD_HIGH) == 0;
	line->plain = line->first && last && (in->seen & SIMD_ESCAPES) == 0;
	in->inside = !last;
	in->start = in->scan = end;
	in->seen = 0;
	return true;
}

bool
line_next(struct line_reader *in, struct line *line)
{
	unsigned seen;
	size_t lf = in->scan +
	    simd->line(in->buf + in->scan, in->end - in->scan, &seen);

	in->seen |= seen;
	if (lf - in->start > in->max)
		return give(in, line, in->start + in->max, false);
	if (lf < in->end) {
		give(in, line, lf, true);
		in->start = in->scan = lf + 1;
		return true;
	}
	in->scan = lf;
	if (in->eof && (lf > in->start || in->inside))
		return give(in, line, lf, true);
	return false;
}
