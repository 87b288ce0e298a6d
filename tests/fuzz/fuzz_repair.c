/*
 * repair() on any bytes: a JSON object stays one, and what it makes is UTF-8
 * whose strings hold no NUL and no half of a character; once is enough.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../publisher/sql/repair.h"
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
	size_t len;

	if (text == NULL)
		abort();
	len = (size_t)(scan_unescape(text, value) - text);
	require(memchr(text, '\0', len) == NULL, "a NUL");
	for (size_t i = 0; i + 6 <= value.len; i++) {
		size_t n = scan_escape(value.p + i, value.p + value.len);

		require(n != 6 || (value.p[i + 2] | 32) != 'd' ||
			value.p[i + 3] < '8',
		    "half a character");
		i += n > 0 ? n - 1 : 0;
	}
	free(text);
}

static void
check_object(struct slice object)
{
	struct scan_member m;
	struct scan s;

	require(utf8_is_valid(object), "not UTF-8");
	scan_open(&s, object);
	while (scan_next(&s, &m))
		if (m.kind == SCAN_STRING)
			check_string(m.value);
	require(s.error == NULL, "no object any more");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* so that ASan knows its end */
	char *buf = malloc(REPAIR_MAX(size) + 1);
	char *again = malloc(3 * REPAIR_MAX(size) + 1);
	struct slice repaired;

	if (copy == NULL || buf == NULL || again == NULL)
		abort();
	memcpy(copy, data, size);
	repaired = repair((struct slice){copy, size}, buf);
	if (scan_is_object((struct slice){copy, size}))
		check_object(repaired);
	require(slice_eq(repair(repaired, again), repaired), "not the same");
	free(copy);
	free(buf);
	free(again);
	return 0;
}
