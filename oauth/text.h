#ifndef OAUTH_TEXT_H
#define OAUTH_TEXT_H

#include <stdbool.h>

struct cJSON;

/*
 * True for printable ASCII without spaces and nothing else: what may go into
 * a header, an IRC line or a table. Not for NULL or "".
 */
bool text_is_word(const char *s);

/* A copy; NULL of NULL. Ends the program when there is no memory. */
char *text_copy(const char *s);

/* The string member `name` of an object, borrowed; or NULL. */
const char *text_member(const struct cJSON *json, const char *name);

/* The same if it is a word, else NULL. */
const char *text_word(const struct cJSON *json, const char *name);

#endif
