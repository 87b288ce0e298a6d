#include <stdbool.h>
#include <string.h>

#include "scan.h"

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

/* An escape of one character, or a half, on p. 0 when it is none. */
static size_t
escape_length(const char *p, const char *end)
{
	if (end - p < 2 || *p != '\\')
		return 0;
	if (p[1] != 'u')
		return memchr("\"\\/bfnrt", p[1], 8) != NULL ? 2 : 0;
	for (int i = 2; i < 6; i++)
		if (end - p <= i || !is_hex(p[i]))
			return 0;
	return 6;
}

static bool
is_half(const char *p, const char *letters)
{
	return p[1] == 'u' && (p[2] | 32) == 'd' &&
	    memchr(letters, p[3] | 32, 4) != NULL;
}

size_t
scan_escape(const char *p, const char *end)
{
	size_t n = escape_length(p, end);

	if (n == 6 && is_half(p, "89ab") && escape_length(p + 6, end) == 6 &&
	    is_half(p + 6, "cdef"))
		return 12;
	return n;
}

static unsigned
hex4(const char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		v = v << 4 |
		    (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return v;
}

static char *
put_utf8(char *p, unsigned c)
{
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*p++ = (char)(0xe0 | c >> 12);
		*p++ = (char)(0x80 | (c >> 6 & 63));
		*p++ = (char)(0x80 | (c & 63));
	} else {
		*p++ = (char)(0xf0 | c >> 18);
		*p++ = (char)(0x80 | (c >> 12 & 63));
		*p++ = (char)(0x80 | (c >> 6 & 63));
		*p++ = (char)(0x80 | (c & 63));
	}
	return p;
}

/* A \u escape; s is on the u. Returns its last byte. */
static const char *
unescape_unicode(char **p, const char *s, const char *end)
{
	unsigned c = hex4(s + 1);

	s += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - s > 6 && s[1] == '\\' &&
	    s[2] == 'u') {
		unsigned low = hex4(s + 3);

		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			s += 6;
		}
	}
	if (c >= 0xd800 && c < 0xe000)
		c = 0xfffd;
	*p = put_utf8(*p, c);
	return s;
}

char *
scan_unescape(char *p, struct slice value)
{
	const char *s = value.p, *end = s + value.len;

	for (; s < end; s++) {
		const char *plain = s;

		s = memchr(s, '\\', (size_t)(end - s));
		if (s == NULL)
			s = end;
		memmove(p, plain, (size_t)(s - plain));
		p += s - plain;
		if (s == end)
			break;
		switch (*++s) {
		case 'b':
			*p++ = '\b';
			break;
		case 'f':
			*p++ = '\f';
			break;
		case 'n':
			*p++ = '\n';
			break;
		case 'r':
			*p++ = '\r';
			break;
		case 't':
			*p++ = '\t';
			break;
		case 'u':
			s = unescape_unicode(&p, s, end);
			break;
		default:
			*p++ = *s;
		}
	}
	return p;
}
