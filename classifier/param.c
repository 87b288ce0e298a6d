#include "param.h"

static bool
is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

size_t
param_name(char name[PARAM_NAME_MAX], struct slice key)
{
	static const struct slice prefix = {"msg-param-", 10};
	size_t n = 0;

	if (key.len <= prefix.len || key.len - prefix.len > PARAM_KEY_MAX ||
	    memcmp(key.p, prefix.p, prefix.len) != 0)
		return 0;
	for (size_t i = prefix.len; i < key.len; i++) {
		char c = key.p[i];

		if (is_upper(c)) {
			/* One underscore before a run: profileImageURL. */
			if (is_lower(key.p[i - 1]))
				name[n++] = '_';
			name[n++] = (char)(c - 'A' + 'a');
		} else if (is_lower(c)) {
			name[n++] = c;
		} else if (c == '-') {
			name[n++] = '_';
		} else {
			return 0;
		}
	}
	return n;
}
