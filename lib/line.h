#ifndef LIB_LINE_H
#define LIB_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

/*
 * A bounded line reader over a descriptor. It reads a large block at a time
 * and hands out every whole line in it, so that a filter works, writes once
 * and only then reads again: latency is one loop, whatever the rate.
 *
 *	while (line_fill(&in) > 0)
 *		while (line_next(&in, &line))
 *			handle(&line);
 *
 * A line longer than `max` comes in pieces, so that memory stays bounded
 * and nothing is lost.
 */
enum {
	LINE_BLOCK = 256 * 1024, /* bytes asked of one read(2) */
	LINE_SLACK = 64          /* readable bytes after any line */
};

struct line {
	struct slice text; /* without its LF; a CR before it stays */
	bool first;        /* the line begins here */
	bool last;         /* the line ends here */
	bool ascii;        /* all of it is, of a whole line */
	bool plain;        /* no byte that JSON escapes, but for a last CR */
};

struct line_reader {
	int fd;
	char *buf;
	size_t max, size;        /* longest whole line; bytes allocated */
	size_t start, scan, end; /* unread bytes; where to look on */
	unsigned seen;           /* enum simd_seen, before scan */
	bool inside;             /* a piece was given, its line goes on */
	bool eof;
};

/*
 * Prepare to read lines of at most max bytes from fd, which stays the
 * caller's. Returns 0, or -1 when out of memory. line_close frees the buffer.
 */
int line_open(struct line_reader *in, int fd, size_t max);
void line_close(struct line_reader *in);

/*
 * Read once, waiting until there is something, and only when line_next has
 * returned false. Returns 1 if line_next has something to give, 0 at the end
 * of the input or once stop_requested(), -1 with errno set.
 *
 * At the end of the input a last line without LF is a line like any other. On
 * a stop the reader takes the rest of a line already begun, byte by byte, and
 * not a byte of the next: whoever reads the pipe after us starts on a line.
 */
int line_fill(struct line_reader *in);

/*
 * The next line of what was read: true, and *line borrows the buffer until
 * the next line_fill; or false when there is no whole line left.
 */
bool line_next(struct line_reader *in, struct line *line);

/*
 * For who reads by other means than line_fill: room for LINE_BLOCK bytes, once
 * line_next has returned false; and then how many were put there. line_forget
 * drops all that was not given out, to read on elsewhere.
 */
char *line_room(struct line_reader *in);
void line_add(struct line_reader *in, size_t n);
void line_forget(struct line_reader *in);

/* How many bytes were read and not given out yet. */
size_t line_left(const struct line_reader *in);

#endif
