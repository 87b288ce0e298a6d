#ifndef LIB_FIFO_H
#define LIB_FIFO_H

#include <stdbool.h>

#include "slice.h"

/*
 * Both ends of the control FIFO. One command a line; ws-reader-control(5)
 * has the commands.
 */
struct fifo {
	int fd;   /* for reading, non-blocking; for poll(2) */
	int keep; /* our own writing end: no writer, no EOF */
	char *path;
};

/*
 * The reading end. Makes the FIFO 0600 when it is not there, insists that it
 * is a FIFO, and takes a lock so that it has one reader. Returns 0; or -1
 * with errno set: EEXIST when the path is something else than a FIFO, EBUSY
 * when another reader holds it.
 */
int fifo_open(struct fifo *fifo, const char *path);

/* Close, and remove the FIFO, so that a writer is told nobody listens. */
void fifo_close(struct fifo *fifo);

/*
 * The writing end: one write(2), whole lines, at most PIPE_BUF bytes, so that
 * it is atomic among many writers. Never waits for a reader. Returns 0; or -1
 * with errno set: ENOENT or ENXIO when nobody listens, EEXIST when the path is
 * something else than a FIFO, EMSGSIZE when the text is too long, EAGAIN when
 * the reader has been too busy to take it for a second, EPIPE (SIGPIPE, unless
 * ignored) when it ended just now.
 */
int fifo_send(const char *path, struct slice text);

/*
 * The same without that second, for who serves others: EAGAIN at once when
 * the reader is too busy. No text at all only asks whether somebody listens.
 */
int fifo_offer(const char *path, struct slice text);

#endif
