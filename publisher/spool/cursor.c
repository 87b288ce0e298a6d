#include "cursor.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGITS = 20, LEN = DIGITS + 1 };

int
cursor_open(struct cursor *c, int dir)
{
	char text[LEN + 1] = "";

	c->position = 0;
	c->fd = openat(dir, "cursor", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (c->fd == -1)
		return -1;
	if (pread(c->fd, text, LEN, 0) == LEN && text[DIGITS] == '\n' &&
	    strspn(text, "0123456789") == DIGITS)
		c->position = strtoull(text, NULL, 10);
	return 0;
}

int
cursor_move(struct cursor *c, uint64_t position)
{
	char text[LEN + 1];

	snprintf(text, sizeof(text), "%0*" PRIu64 "\n", DIGITS, position);
	c->position = position;
	return pwrite(c->fd, text, LEN, 0) == LEN ? 0 : -1;
}

void
cursor_close(struct cursor *c)
{
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
}
