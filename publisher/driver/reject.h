#ifndef PUBLISHER_DRIVER_REJECT_H
#define PUBLISHER_DRIVER_REJECT_H

#include <stdbool.h>

#include "out.h"
#include "slice.h"

/*
 * The file of records that cannot be published, one a line:
 *
 *	{"reason":"…","record":…}
 *
 * where record is the record itself, byte for byte, when that is a JSON
 * object, and else a string of it, in which what is not UTF-8 became U+FFFD.
 */
struct reject_text {
	bool begun;
	char tail[4]; /* a character that the last piece cut off */
	size_t tail_len;
};

struct reject {
	struct out out;
	const char *path;        /* NULL: there is no such file */
	struct reject_text text; /* that comes in pieces */
};

/*
 * Begin to append to the file, made 0600 when it is not there; path NULL keeps
 * nothing, and every call is then a success. A last line that was cut short
 * stays by itself. Returns 0, or -1 with errno set.
 */
int reject_open(struct reject *r, const char *path);

/* Keep a record; between pieces, too: they go on in another line. */
void reject_record(struct reject *r, const char *reason, struct slice record);

/*
 * The same in pieces, for a line that is longer than a record may be. Its end,
 * if there is none yet, comes with the next begin, and with reject_close.
 */
void reject_begin(struct reject *r, const char *reason);
void reject_piece(struct reject *r, struct slice piece);
void reject_end(struct reject *r);

/*
 * Write what was kept; with reject_sync, to the disk; with reject_close, for
 * good. Return 0, or -1 with errno set when any of it could not be written,
 * and then ever after.
 */
int reject_flush(struct reject *r);
int reject_sync(struct reject *r);
int reject_close(struct reject *r);

/* True if any of it could not be written. */
bool reject_failed(const struct reject *r);

#endif
