#include "json.h"

#include <stdbool.h>
#include <stdlib.h>

#include "chunk.h"
#include "simd.h"
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

char *
json_escape_one(char *p, char c)
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
	*p++ = hex[c >> 4 & 15];
	*p++ = hex[c & 15];
	return p;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* What is not all UTF-8, a character at a time. */
static char *
escape_invalid(char *p, struct slice s)
{
	const char *end = s.p + s.len;
	int n;

	for (; s.p < end; s.p += abs(n)) {
		s.len = (size_t)(end - s.p);
		n = utf8_length(s);
		if (n < 0)
			p = json_raw(p, SLICE("\xef\xbf\xbd"));
		else if (n == 1 && !is_plain(*s.p))
			p = json_escape_one(p, *s.p);
		else
			p = json_raw(p, (struct slice){s.p, (size_t)n});
	}
	return p;
}

/* A stretch without anything to escape, copied. Returns how long it is. */
static size_t
copy_plain(char *p, const char *s, size_t n)
{
	size_t i = simd->copy_unescaped(p, s, n);

	for (; n - i >= CHUNK; i += CHUNK) {
		struct chunk c = chunk_load(s + i);
		unsigned mask = chunk_escapes(c);

		chunk_store(p + i, c);
		if (mask != 0)
			return i + (size_t)__builtin_ctz(mask);
	}
	for (; i < n && is_plain(s[i]); i++)
		p[i] = s[i];
	return i;
}

char *
json_escape(char *p, struct slice s)
{
	const char *end;

	if (s.len == 0) /* and then it may have no buffer */
		return p;
	end = s.p + s.len;
	if (!utf8_is_valid(s))
		return escape_invalid(p, s);
	for (;;) {
		size_t n = copy_plain(p, s.p, (size_t)(end - s.p));

		p += n;
		s.p += n;
		if (s.p == end)
			return p;
		p = json_escape_one(p, *s.p++);
	}
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
