#ifndef PUBLISHER_SPOOL_CURSOR_H
#define PUBLISHER_SPOOL_CURSOR_H

#include <stdint.h>

/*
 * The file `cursor` of a spool: the position before which everything is
 * settled, 20 digits and a LF, overwritten in place.
 */
struct cursor {
	int fd;
	uint64_t position; /* as written last */
};

/*
 * Open the file in this directory, made with 0 when it is not there or is
 * damaged: then what may be settled comes again. Returns 0, or -1 with errno
 * set.
 */
int cursor_open(struct cursor *c, int dir);

/* Write where it is now. Returns 0, or -1 with errno set. */
int cursor_move(struct cursor *c, uint64_t position);

void cursor_close(struct cursor *c);

#endif
