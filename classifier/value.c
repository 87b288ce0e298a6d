#include "value.h"

#include "json.h"

/* IRCv3 message tags, "Escaping values"; any other character is itself. */
static char
unescaped(char c)
{
	switch (c) {
	case ':':
		return ';';
	case 's':
		return ' ';
	case 'r':
		return '\r';
	case 'n':
		return '\n';
	default:
		return c;
	}
}

char *
value_put(char *p, struct slice value, bool plain)
{
	const char *end = value.p + value.len;

	while (!plain) {
		const char *backslash = memchr(value.p, '\\', value.len);
		char c;

		if (backslash == NULL)
			break;
		p = json_escape(p,
		    (struct slice){value.p, (size_t)(backslash - value.p)});
		/* A last one alone is dropped. */
		if (backslash + 1 == end)
			return p;
		c = unescaped(backslash[1]);
		value.p = backslash + 1;
		if (c != *value.p || c == '\\') {
			p = json_escape(p, (struct slice){&c, 1});
			value.p++;
		}
		value.len = (size_t)(end - value.p);
	}
	return json_escape(p, value);
}
