/*
 * The key scanner on any bytes: what it gives lies inside the line, a string
 * undone and escaped again is the same string, an object cut short is none,
 * and what is an object is one to a parser that is not ours.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "judge.h"
#include "scan.h"
#include "utf8.h"

static void
require(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void
check_string(struct slice value)
{
	char *text = malloc(value.len + 1);
	char *again = malloc(JSON_STRING_MAX(value.len));
	char *twice = malloc(6 * value.len + 1);
	size_t len, end;

	if (text == NULL || again == NULL || twice == NULL)
		abort();
	len = (size_t)(scan_unescape(text, value) - text);
	require(len <= value.len, "longer undone");
	if (utf8_is_valid(value)) {
		struct slice escaped = {again, 0};

		require(utf8_is_valid((struct slice){text, len}),
		    "undone it is not UTF-8");
		escaped.len =
		    (size_t)(json_escape(again, (struct slice){text, len}) -
			again);
		end = (size_t)(scan_unescape(twice, escaped) - twice);
		require(end == len && memcmp(twice, text, len) == 0,
		    "not the same again");
	}
	free(text);
	free(again);
	free(twice);
}

static bool
is_object(struct slice line)
{
	struct scan_member m;
	struct scan s;

	scan_open(&s, line);
	while (scan_next(&s, &m)) {
		require(m.key.p >= line.p &&
			m.value.p + m.value.len <= line.p + line.len,
		    "outside the line");
		if (m.kind == SCAN_STRING)
			check_string(m.value);
	}
	return s.error == NULL;
}

/*
 * Whether both are to say the same: they differ in what is too deep, in half
 * of a character above U+FFFF, and the other is blind to a NUL.
 */
static bool
is_common(struct slice line)
{
	size_t brackets = 0;

	for (size_t i = 0; i < line.len; i++)
		brackets += line.p[i] == '{' || line.p[i] == '[';
	return utf8_is_valid(line) && brackets <= SCAN_DEPTH_MAX &&
	    memchr(line.p, '\0', line.len) == NULL &&
	    memmem(line.p, line.len, "\\ud", 3) == NULL &&
	    memmem(line.p, line.len, "\\uD", 3) == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* so that ASan knows its end */
	struct slice line = {copy, size};
	enum judge verdict;
	const char *fault;
	bool object;

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	object = is_object(line);
	verdict =
	    is_common(line) ? judge_read(line, false, &fault) : JUDGE_CANNOT;
	require(verdict == JUDGE_CANNOT || object == (verdict == JUDGE_OBJECT),
	    "not what another parser says");
	if (object) {
		while (line.len > 0 && line.p[line.len - 1] != '}')
			line.len--;
		line.len--;
		require(!is_object(line), "an object without its end");
	}
	free(copy);
	return 0;
}
