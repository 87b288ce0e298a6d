#ifndef CTL_BATCH_H
#define CTL_BATCH_H

#include <limits.h>
#include <stddef.h>

/*
 * A command for many channels, in as few lines as PIPE_BUF allows. Each line
 * is a whole command and sent by itself: other writers' lines may come
 * between.
 */
struct batch {
	char text[PIPE_BUF];
	size_t verb, len; /* bytes of the words before the channels; of all */
};

/* Begin; the words before the channels are short. */
void batch_open(struct batch *b, const char *verb);

/*
 * Add a canonical name; send the line that is full by then. Returns
 * STATUS_OK, or another exit status, having said why.
 */
int batch_add(struct batch *b, const char *name);

/* Send what was added and not sent yet. Returns as batch_add. */
int batch_send(struct batch *b);

#endif
