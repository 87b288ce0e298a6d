#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include "slice.h"

/*
 * UTF-8 (RFC 3629). What is not well-formed is replaced as Unicode recommends
 * (section 3.9, "Substitution of Maximal Subparts"): U+FFFD for each maximal
 * part that begins a character and does not end it.
 */

/*
 * The length of the character at the front of s, which is not empty; or minus
 * the length of the part of it to be replaced.
 */
int utf8_length(struct slice s);

/*
 * s without the byte order mark that it may begin with, as some editors' files
 * do (section 6).
 */
struct slice utf8_unmarked(struct slice s);

/* How many bytes at the front of s are ASCII. */
size_t utf8_ascii(struct slice s);

/* True if all of it is well-formed. */
bool utf8_is_valid(struct slice s);

/* The bytes that utf8_repair may write for n. */
#define UTF8_REPAIR_MAX(n) (3 * (n))

/* Write s at p with what is not well-formed replaced. Returns the new end. */
char *utf8_repair(char *p, struct slice s);

#endif
