#ifndef CLASSIFIER_PARAM_H
#define CLASSIFIER_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

/*
 * The names in `params` of the msg-param-* tags that the table of fields does
 * not have.
 */
enum {
	PARAM_KEY_MAX = 48, /* bytes after msg-param-; the longest have 30 */
	PARAM_NAME_MAX = 2 * PARAM_KEY_MAX
};

/*
 * The name for a tag's key: without msg-param-, kebab-case and camelCase
 * turned to snake_case. Writes it to name and returns its length; or 0 when
 * the key is not such a parameter's, or has other characters than letters,
 * digits and hyphens, or is too long.
 */
size_t param_name(char name[PARAM_NAME_MAX], struct slice key);

#endif
