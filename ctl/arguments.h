#ifndef CTL_ARGUMENTS_H
#define CTL_ARGUMENTS_H

#include <stddef.h>

/*
 * The arguments of a program to be run: strings of its own, NULL after the
 * last. Zero-initialise. Out of memory ends the program.
 */
struct arguments {
	char **v;
	size_t n;
};

/* Append a copy of s. */
void arguments_add(struct arguments *args, const char *s);

/* Append copies of all that `more` has. */
void arguments_append(struct arguments *args, const struct arguments *more);

/* Append each entry of a list, between commas and blanks. */
void arguments_split(struct arguments *args, const char *list);

void arguments_free(struct arguments *args);

#endif
