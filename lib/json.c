#include "json.h"

#include <stdbool.h>

#include "utf8.h"

char *
json_int(char *p, int64_t v)
{
	char digits[JSON_INT_MAX], *d = digits + sizeof(digits);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--d = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (v < 0)
		*p++ = '-';
	return json_raw(p,
	    (struct slice){d, (size_t)(digits + sizeof(digits) - d)});
}

static char *
escape_byte(char *p, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char letter = 0;

	switch (c) {
	case '"':
	case '\\':
		letter = (char)c;
		break;
	case '\b':
		letter = 'b';
		break;
	case '\t':
		letter = 't';
		break;
	case '\n':
		letter = 'n';
		break;
	case '\f':
		letter = 'f';
		break;
	case '\r':
		letter = 'r';
		break;
	}
	*p++ = '\\';
	if (letter != 0) {
		*p++ = letter;
		return p;
	}
	p = json_raw(p, SLICE("u00"));
	*p++ = hex[c >> 4];
	*p++ = hex[c & 15];
	return p;
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

char *
json_escape(char *p, struct slice s)
{
	const char *end = s.p + s.len;

	while (s.p < end) {
		int n;

		if (is_plain((unsigned char)*s.p)) {
			*p++ = *s.p++;
			continue;
		}
		if ((unsigned char)*s.p < 0x80) {
			p = escape_byte(p, (unsigned char)*s.p++);
			continue;
		}
		s.len = (size_t)(end - s.p);
		n = utf8_length(s);
		if (n > 0) {
			p = json_raw(p, (struct slice){s.p, (size_t)n});
			s.p += n;
		} else {
			p = json_raw(p, SLICE("\xef\xbf\xbd"));
			s.p -= n;
		}
	}
	return p;
}

char *
json_string(char *p, struct slice s)
{
	*p++ = '"';
	p = json_escape(p, s);
	*p++ = '"';
	return p;
}

size_t
json_utf8_tail(struct slice s)
{
	for (size_t back = 1; back <= 3 && back <= s.len; back++) {
		struct slice tail = {s.p + s.len - back, back};
		unsigned char c = (unsigned char)*tail.p;

		if (c < 0x80)
			return 0;
		if (c < 0xc0)
			continue;
		/* All of it begins a character, which is not a wrong one. */
		return c >= 0xc2 && c <= 0xf4 &&
			utf8_length(tail) == -(int)back ?
		    back :
		    0;
	}
	return 0;
}
