#include "text.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

#include "log.h"
#include "status.h"

bool
text_is_word(const char *s)
{
	if (s == NULL || *s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

char *
text_copy(const char *s)
{
	char *new = s == NULL ? NULL : strdup(s);

	if (s != NULL && new == NULL)
		die(STATUS_FAILED, "out of memory");
	return new;
}

const char *
text_member(const cJSON *json, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json,
	    name));
}

const char *
text_word(const cJSON *json, const char *name)
{
	const char *s = text_member(json, name);

	return text_is_word(s) ? s : NULL;
}
