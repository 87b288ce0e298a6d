#ifndef SIM_DRAFT_H
#define SIM_DRAFT_H

#include <stdint.h>

/* An IRC line that is being written: its tags first, then the rest. */
enum { DRAFT_SIZE = 16 * 1024 }; /* the caller keeps within it */

struct draft {
	char bytes[DRAFT_SIZE];
	char *p;        /* where it goes on */
	char *untagged; /* where it went on behind its tags */
};

/* Begin with nothing, and without tags. */
void draft_begin(struct draft *d);

/* Bytes as they are. */
void draft_put(struct draft *d, const char *s);

/* A tag: a value that needs no escape, a number, a text (IRCv3 escapes). */
void draft_tag(struct draft *d, const char *name, const char *value);
void draft_number(struct draft *d, const char *name, int64_t value);
void draft_text(struct draft *d, const char *name, const char *value);

/* The last tag is written, and there was one. */
void draft_end_tags(struct draft *d);

#endif
