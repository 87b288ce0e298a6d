#ifndef CTL_READER_H
#define CTL_READER_H

#include <stdbool.h>

#include "slice.h"

/*
 * The running ws-reader, by the control FIFO of the run directory. What goes
 * wrong is said here, in one sentence.
 */

/*
 * Send whole lines, PIPE_BUF bytes at most. Returns STATUS_OK or
 * STATUS_FAILED; a reader that does not listen is not waited for.
 */
int reader_send(struct slice lines);

/*
 * Connect without sending anything. Returns a descriptor on which poll(2)
 * reports POLLERR once the reader is gone, or -1, silently, when there is no
 * reader. The caller closes it.
 */
int reader_connect(void);

bool reader_runs(void);

/* Say that there is no reader. Returns STATUS_FAILED. */
int reader_missing(void);

#endif
