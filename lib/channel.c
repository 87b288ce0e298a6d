#include "channel.h"

int
channel_name(struct slice typed, char out[CHANNEL_MAX + 1])
{
	char name[CHANNEL_MAX + 1];

	if (typed.len > 0 && typed.p[0] == '#') {
		typed.p++;
		typed.len--;
	}
	if (typed.len < 1 || typed.len > CHANNEL_MAX)
		return -1;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return -1;
		name[i] = c;
	}
	name[typed.len] = '\0';
	memcpy(out, name, typed.len + 1);
	return (int)typed.len;
}
