#ifndef PUBLISHER_SPOOL_SPOOL_OWNER_H
#define PUBLISHER_SPOOL_SPOOL_OWNER_H

#include "status.h"

/*
 * Whose a spool's directory is. The file `lock` is locked by the one process
 * that uses it; spool.json says which program wrote the segments, in which
 * format, and for which destination:
 *
 *	{"format":1,"program":"kafka-publish","destination":"chat","id":"…"}
 *
 * The id, 16 hexadecimal digits drawn by lot, is this spool's for ever: one
 * that is empty and taken over by another program or destination is a new one.
 */
enum { SPOOL_FORMAT = 1, SPOOL_ID_SIZE = 17, SPOOL_WHY_MAX = 1024 };

struct spool_owner {
	int lock;
	char id[SPOOL_ID_SIZE];
	char why[SPOOL_WHY_MAX];
};

/*
 * Make the directory ours, or make sure that it is: `dir` is its descriptor.
 * Returns STATUS_OK; or what to exit with, and o->why says why.
 */
enum status spool_owner_open(struct spool_owner *o, int dir, const char *path,
    const char *program, const char *destination);

void spool_owner_close(struct spool_owner *o);

#endif
