#ifndef LIB_CHANNEL_FILE_H
#define LIB_CHANNEL_FILE_H

#include "channel.h"
#include "line.h"

/*
 * A list of channels as people and programs write it: a channel a line, as
 * channel_name() takes it. Blank lines and comments, a # alone or before a
 * space, are passed over; so is UTF-8's byte order mark at its beginning.
 */
struct channel_file {
	struct line_reader in;
	const char *path; /* the caller's */
	int fd;
	unsigned long line; /* the number of the last one read */
	char why[512];      /* of the last failure */
};

/* path "-" is standard input. Returns 0; or -1, and file->why says why. */
int channel_file_open(struct channel_file *file, const char *path);

/*
 * The next channel's canonical name: 1; or 0 at the end; or -1, and file->why
 * says why, with the line's number if it is no channel name. A stop that is
 * requested (lib/stop.h) is one: the list may go on.
 */
int channel_file_next(struct channel_file *file, char name[CHANNEL_MAX + 1]);

/* After channel_file_open has returned 0. */
void channel_file_close(struct channel_file *file);

#endif
