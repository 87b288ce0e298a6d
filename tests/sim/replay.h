#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include <stdbool.h>

#include "slice.h"

/* A file of lines, given out one by one. */
struct replay {
	char *bytes;
	size_t len, at;
	bool loop;
};

/* Read the file. Ends the program when it cannot, or when it is empty. */
void replay_open(struct replay *r, const char *path, bool loop);
void replay_close(struct replay *r);

/*
 * The next line, without LF or CR LF. False at the end of the file, and of
 * one that was never opened.
 */
bool replay_next(struct replay *r, struct slice *line);

#endif
