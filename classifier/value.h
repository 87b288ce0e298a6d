#ifndef CLASSIFIER_VALUE_H
#define CLASSIFIER_VALUE_H

#include <stdbool.h>

#include "slice.h"

/*
 * The inside of a JSON string from a value of the line, written at p; returns
 * the new end. The value is UTF-8. With `plain` its bytes are meant as they
 * stand; else the escapes of IRCv3's message tags are undone on the way. Needs
 * the room of JSON_STRING_MAX, and SLACK readable bytes after the value.
 */
char *value_put(char *p, struct slice value, bool plain);

#endif
