/*
 * The line reader on any bytes, in writes of any size: put together again,
 * its lines are what was written, none longer than the limit, and each said
 * to be ASCII if it is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "line.h"

enum { PIPE_ROOM = 60000 };

static void
require(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void
check_line(const struct line *line, size_t max)
{
	bool ascii = true, plain = true;

	for (size_t i = 0; i < line->text.len; i++) {
		unsigned char c = (unsigned char)line->text.p[i];

		ascii &= c < 0x80;
		plain &= (c >= 0x20 && c != '"' && c != '\\') ||
		    (c == '\r' && i == line->text.len - 1);
	}
	require(line->text.len <= max, "longer than the limit");
	require(memchr(line->text.p, '\n', line->text.len) == NULL, "two");
	if (line->first && line->last)
		require(line->ascii == ascii, "not as ASCII as it says");
	require(plain || !line->plain, "not as plain as it says");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char got[PIPE_ROOM + 1];
	struct line_reader in;
	struct line line;
	size_t max, step, put = 0, n = 0;
	int fds[2];

	if (size < 2 || size > PIPE_ROOM || pipe(fds) == -1)
		return 0;
	max = data[0] + 1U;
	step = data[1] * 16U + 1;
	data += 2;
	size -= 2;
	require(line_open(&in, fds[0], max) == 0, "no memory");
	for (int filled = 1; filled > 0;) {
		size_t some = size - put < step ? size - put : step;

		if (some > 0)
			require(write(fds[1], data + put, some) ==
				(ssize_t)some,
			    "cannot write");
		put += some;
		if (put == size && fds[1] != -1) {
			close(fds[1]);
			fds[1] = -1;
		}
		filled = line_fill(&in);
		while (line_next(&in, &line)) {
			check_line(&line, max);
			memcpy(got + n, line.text.p, line.text.len);
			n += line.text.len;
			if (line.last)
				got[n++] = '\n';
		}
	}
	/* A last line without LF is given one. */
	if (n == size + 1 && (size == 0 || data[size - 1] != '\n'))
		n--;
	require(n == size && memcmp(got, data, n) == 0, "not what was written");
	line_close(&in);
	close(fds[0]);
	return 0;
}
