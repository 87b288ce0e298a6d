#include "value.h"

#include "json.h"
#include "simd.h"

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

static char *
put_character(char *p, char c)
{
	if ((unsigned char)c < 0x20 || c == '"' || c == '\\')
		return json_escape_one(p, c);
	*p++ = c;
	return p;
}

/* What the byte at *s becomes that could not be copied. */
static char *
put_escape(char *p, const char **s, const char *end, bool plain)
{
	const char *c = *s;

	if (plain || *c != '\\') {
		*s += 1;
		return json_escape_one(p, *c);
	}
	/* A last backslash alone is dropped. */
	*s += c + 1 < end ? 2 : 1;
	return c + 1 < end ? put_character(p, unescaped(c[1])) : p;
}

size_t
value_copy(char *p, const char *s, const char *end)
{
	size_t n = (size_t)(end - s);
	size_t i = simd->copy_unescaped(p, s, n);

	for (; i < n; i += CHUNK) {
		struct chunk c = chunk_load(s + i);
		unsigned mask = chunk_escapes(c);

		chunk_store(p + i, c);
		if (mask != 0) {
			i += (unsigned)__builtin_ctz(mask);
			break;
		}
	}
	return i < n ? i : n;
}

char *
value_put_rest(char *p, const char *s, const char *end, bool plain)
{
	do {
		size_t n;

		p = put_escape(p, &s, end, plain);
		n = value_copy(p, s, end);
		p += n;
		s += n;
	} while (s < end);
	return p;
}
