#ifndef CTL_PUBLISHERS_H
#define CTL_PUBLISHERS_H

#include <stdint.h>

#include "arguments.h"

/*
 * The publishers of a pipeline as command lines: each destination's own, with
 * what all are told alike. Wrong usage ends the program.
 */
enum { PUBLISHERS_MAX = 8 };

struct publishers {
	struct arguments list[PUBLISHERS_MAX];
	const char *kinds[PUBLISHERS_MAX];
	size_t n;

	/* Set by the caller. */
	const char *grace;     /* s, or NULL: their default */
	const char *spool;     /* the folder of their spools, or NULL: none */
	const char *spool_max; /* or NULL: their default */
};

/*
 * Add one: a program, its kind, which names its spool, KIND-2 for the second
 * of it, and its options.
 */
void publishers_add(struct publishers *p, const char *program, const char *kind,
    const struct arguments *options);

/* Add the one that a URL means, as destination.h has it. */
void publishers_add_url(struct publishers *p, const char *url);

void publishers_free(struct publishers *p);

#endif
