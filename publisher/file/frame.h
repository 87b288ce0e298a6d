#ifndef PUBLISHER_FILE_FRAME_H
#define PUBLISHER_FILE_FRAME_H

#include <stddef.h>
#include <sys/types.h>

#include "slice.h"

/*
 * zstd's frames (RFC 8878, section 3.1): each is whole by itself, and any
 * number of them after each other are a file that zstdcat(1) reads.
 */
struct frame_maker {
	struct ZSTD_CCtx_s *context;
	char *buf;
	size_t size;
};

/* Returns 0, or -1 when out of memory. frame_maker_close frees. */
int frame_maker_open(struct frame_maker *m);
void frame_maker_close(struct frame_maker *m);

/*
 * Compress the bytes into one frame, which is borrowed until the next. Returns
 * 0, or -1 when out of memory.
 */
int frame_make(struct frame_maker *m, struct slice bytes, struct slice *frame);

/*
 * How many bytes the whole frames at the front are together; what follows is
 * nothing, or a frame that was cut off. Returns -1 when it is neither: these
 * bytes are not zstd's.
 */
ssize_t frame_whole(struct slice bytes);

#endif
