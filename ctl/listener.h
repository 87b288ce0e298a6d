#ifndef CTL_LISTENER_H
#define CTL_LISTENER_H

#include <stdbool.h>

#include "slice.h"

/*
 * The ws-reader that listens on the control FIFO of the run directory.
 */

/* True if there is one. */
bool listener_exists(void);

/* Say that there is none. Returns STATUS_FAILED. */
int listener_missing(void);

/*
 * Send it whole lines, PIPE_BUF bytes at most. Returns STATUS_OK; or
 * STATUS_FAILED, having said why. One that is not there is not waited for.
 */
int listener_send(struct slice lines);

/*
 * Connect without sending anything. Returns a descriptor on which poll(2)
 * reports POLLERR once it is gone, for the caller to close; or -1 with errno
 * set when it is not there.
 */
int listener_connect(void);

#endif
