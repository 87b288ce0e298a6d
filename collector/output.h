#ifndef COLLECTOR_OUTPUT_H
#define COLLECTOR_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Standard output, never blocking, behind a bounded buffer: what the next
 * stage has not taken yet waits here. Whole records go in; they leave in
 * order, each turn of the loop in one write(2) as far as there is room.
 *
 *	char *p = output_reserve(&out, JSON_STRING_MAX(line.len));
 *	if (p != NULL)
 *		output_commit(&out, json_string(p, line));
 */
struct output {
	int fd;
	int flags;  /* of fd as they were: others may share it */
	char *ring; /* mapped twice in a row, so that any piece is straight */
	size_t size, start, len;
	uint64_t passed; /* bytes written, in all */
};

/*
 * Write to fd behind a buffer of about this size. Returns 0, or -1 with
 * errno set.
 */
int output_open(struct output *out, int fd, size_t size);

/*
 * Room for n bytes; what waits is written first if it must make place. NULL
 * when fd does not take it now. output_commit says where what was written
 * there ends.
 */
char *output_reserve(struct output *out, size_t n);
void output_commit(struct output *out, char *end);

/*
 * Write what fd takes now. Returns 0, the rest still in out->len; or -1 with
 * errno set.
 */
int output_flush(struct output *out);

/* Give fd its flags back, and free; fd stays open. */
void output_close(struct output *out);

#endif
