#include "scan.h"

#include <stdint.h>

#include "chunk.h"

void
scan_open(struct scan *s, struct slice line)
{
	*s = (struct scan){.p = line.p, .end = line.p + line.len};
}

static bool
fail(struct scan *s, const char *why)
{
	s->error = why;
	s->done = true;
	return false;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end &&
	    (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
		s->p++;
}

/* Over what a string holds as it is. */
static const char *
skip_plain(const char *p, const char *end)
{
	for (; end - p >= CHUNK; p += CHUNK) {
		unsigned mask = chunk_escapes(chunk_load(p));

		if (mask != 0)
			return p + __builtin_ctz(mask);
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* A string; s->p is on its first quote. */
static bool
take_string(struct scan *s, struct slice *text, bool *escaped)
{
	const char *from = ++s->p;

	*escaped = false;
	for (;;) {
		size_t n;

		s->p = skip_plain(s->p, s->end);
		if (s->p == s->end)
			return fail(s, "a string does not end");
		if (*s->p == '"')
			break;
		if (*s->p != '\\')
			return fail(s, "a bare control character in a string");
		*escaped = true;
		n = scan_escape(s->p, s->end);
		if (n == 0)
			return fail(s, "an escape that is none in a string");
		s->p += n;
	}
	*text = (struct slice){from, (size_t)(s->p - from)};
	s->p++;
	return true;
}

static bool
skip_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > from || fail(s, "a number without digits");
}

static bool
take_number(struct scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!skip_digits(s))
		return false;
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!skip_digits(s))
			return false;
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		return skip_digits(s);
	}
	return true;
}

static bool
take_word(struct scan *s, struct slice word)
{
	if ((size_t)(s->end - s->p) < word.len ||
	    memcmp(s->p, word.p, word.len) != 0)
		return fail(s, "a value that is not JSON");
	s->p += word.len;
	return true;
}

static bool
take_colon(struct scan *s)
{
	skip_space(s);
	if (s->p == s->end || *s->p != ':')
		return fail(s, "a key without a colon");
	s->p++;
	skip_space(s);
	return true;
}

static bool
take_scalar(struct scan *s, struct scan_member *m)
{
	const char *from = s->p;
	bool ok;

	m->escaped = false;
	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		m->kind = SCAN_STRING;
		return take_string(s, &m->value, &m->escaped);
	case 't':
		m->kind = SCAN_TRUE;
		ok = take_word(s, SLICE("true"));
		break;
	case 'f':
		m->kind = SCAN_FALSE;
		ok = take_word(s, SLICE("false"));
		break;
	case 'n':
		m->kind = SCAN_NULL;
		ok = take_word(s, SLICE("null"));
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		m->kind = SCAN_NUMBER;
		ok = take_number(s);
		break;
	default:
		return fail(s, "a value that is not JSON");
	}
	m->value = (struct slice){from, (size_t)(s->p - from)};
	return ok;
}

/* One key and its colon, inside an object that is walked over. */
static bool
skip_key(struct scan *s)
{
	struct slice text;
	bool escaped;

	if (s->p == s->end || *s->p != '"')
		return fail(s, "an object member without a key");
	return take_string(s, &text, &escaped) && take_colon(s);
}

/*
 * An object or array; s->p is on its first bracket. The open brackets are
 * the bits of a word, 1 for an object, so the depth costs no memory.
 */
static bool
skip_nested(struct scan *s)
{
	uint64_t objects = 0;
	int depth = 0;

	for (;;) {
		struct scan_member ignored;
		char c = s->p < s->end ? *s->p : '\0';

		if (c == '{' || c == '[') {
			if (++depth > SCAN_DEPTH_MAX)
				return fail(s, "brackets nested too deep");
			objects = objects << 1 | (c == '{');
			s->p++;
			skip_space(s);
			if (s->p < s->end && *s->p == (c == '{' ? '}' : ']'))
				goto close;
			if (c == '{' && !skip_key(s))
				return false;
			continue;
		}
		if (!take_scalar(s, &ignored))
			return false;
		for (;;) {
			skip_space(s);
			if (s->p == s->end)
				return fail(s, "a bracket does not close");
			if (*s->p == ',')
				break;
			if (*s->p != (objects & 1 ? '}' : ']'))
				return fail(s, "a value without a comma");
close:
			s->p++;
			objects >>= 1;
			if (--depth == 0)
				return true;
		}
		s->p++;
		skip_space(s);
		if ((objects & 1) && !skip_key(s))
			return false;
	}
}

static bool
take_value(struct scan *s, struct scan_member *m)
{
	const char *from = s->p;

	if (s->p == s->end || (*s->p != '{' && *s->p != '['))
		return take_scalar(s, m);
	m->kind = *s->p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
	m->escaped = false;
	if (!skip_nested(s))
		return false;
	m->value = (struct slice){from, (size_t)(s->p - from)};
	return true;
}

static bool
close_object(struct scan *s)
{
	s->p++;
	skip_space(s);
	s->done = true;
	return s->p == s->end ? false : fail(s, "something after the object");
}

bool
scan_next(struct scan *s, struct scan_member *m)
{
	bool escaped;

	if (s->done)
		return false;
	skip_space(s);
	if (!s->begun) {
		if (s->p == s->end || *s->p != '{')
			return fail(s, "not a JSON object");
		s->p++;
		skip_space(s);
		if (s->p < s->end && *s->p == '}')
			return close_object(s);
		s->begun = true;
	} else {
		if (s->p < s->end && *s->p == '}')
			return close_object(s);
		if (s->p == s->end || *s->p != ',')
			return fail(s, "the object does not end");
		s->p++;
		skip_space(s);
	}
	if (s->p == s->end || *s->p != '"')
		return fail(s, "an object member without a key");
	return take_string(s, &m->key, &escaped) && take_colon(s) &&
	    take_value(s, m);
}

bool
scan_is_object(struct slice line)
{
	struct scan_member member;
	struct scan scan;

	scan_open(&scan, line);
	while (scan_next(&scan, &member))
		continue;
	return scan.error == NULL;
}
