#include "json.h"

#include <stdbool.h>

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

/*
 * The length of the well-formed UTF-8 character at s, or minus the length of
 * the maximal part of one to be replaced. n is at least 1. Table 3-7 of the
 * Unicode standard: the second byte's range depends on the first.
 */
static int
utf8_length(const unsigned char *s, size_t n)
{
	unsigned char c = s[0], low = 0x80, high = 0xbf;
	int want;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	want = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	for (int i = 1; i < want; i++) {
		if ((size_t)i == n || s[i] < low || s[i] > high)
			return -i;
		low = 0x80;
		high = 0xbf;
	}
	return want;
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
	const unsigned char *c = (const unsigned char *)s.p, *end = c + s.len;

	while (c < end) {
		int n;

		if (is_plain(*c)) {
			*p++ = (char)*c++;
			continue;
		}
		if (*c < 0x80) {
			p = escape_byte(p, *c++);
			continue;
		}
		n = utf8_length(c, (size_t)(end - c));
		if (n > 0) {
			memcpy(p, c, (size_t)n);
			p += n;
			c += n;
		} else {
			p = json_raw(p, SLICE("\xef\xbf\xbd"));
			c -= n;
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
	const unsigned char *end = (const unsigned char *)s.p + s.len;

	for (size_t back = 1; back <= 3 && back <= s.len; back++) {
		const unsigned char *c = end - back;
		int n;

		if (*c < 0x80)
			return 0;
		if (*c < 0xc0)
			continue;
		n = utf8_length(c, back);
		return n == -(int)back && *c >= 0xc2 && *c <= 0xf4 ? back : 0;
	}
	return 0;
}
