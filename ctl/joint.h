#ifndef CTL_JOINT_H
#define CTL_JOINT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A pipe from one stage to another. Both ends stay open in the process that
 * runs the stages, so that one that dies is started again on the same pipe,
 * with what it holds, and its neighbours see neither the end of their input
 * nor EPIPE.
 */
struct joint {
	size_t from, to; /* stages */
	int write, read; /* the pipe's ends; -1: closed */
	bool torn;       /* a child that died may have left half a line in it */
};

/* Make the pipe. Returns 0, or -1 with errno set. */
int joint_open(struct joint *j, size_t from, size_t to);

/* The stage that writes has ended: the other's input ends. */
void joint_end(struct joint *j);

/* The stage that reads has ended for good: read, for nobody, what is there. */
void joint_discard(struct joint *j);

/* Close what is still open of it. */
void joint_close(struct joint *j);

/*
 * When there is room: a LF makes sure that half a line stays a line of its
 * own.
 */
void joint_mend(struct joint *j);

#endif
