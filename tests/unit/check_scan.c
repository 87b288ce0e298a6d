/* scan: the key scanner, which is also the judge of what is JSON. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan.h"

/* What scan_open gets is a copy of exactly its size, so that ASan sees. */
static char *
copy(struct slice text)
{
	char *p = malloc(text.len == 0 ? 1 : text.len);

	memcpy(p, text.p, text.len);
	return p;
}

/* Walk over all of it. Returns how many members, or -1 for an error. */
static int
walk(struct slice text, const char **error)
{
	char *line = copy(text);
	struct scan_member m;
	struct scan s;
	int n = 0;

	scan_open(&s, (struct slice){line, text.len});
	while (scan_next(&s, &m))
		n++;
	ck_assert(!scan_next(&s, &m));
	free(line);
	*error = s.error;
	return s.error == NULL ? n : -1;
}

static const struct good {
	const char *text;
	int members;
} good[] = {
    {"{}", 0},
    {" \t\r\n{ \t\r\n} \t\r\n", 0},
    {"{\"a\":1}", 1},
    {"{\"\":\"\"}", 1},
    {"{ \"a\" : 1 , \"b\" : 2 }", 2},
    {"{\"a\":0,\"b\":-0,\"c\":10,\"d\":-1.5,\"e\":1e9,\"f\":1E+9,\"g\":0.0e-0}",
	7},
    {"{\"a\":true,\"b\":false,\"c\":null}", 3},
    {"{\"a\":[],\"b\":{},\"c\":[ ],\"d\":{ }}", 4},
    {"{\"a\":[1,\"]\",[2,{\"}\":[]}]],\"b\":{\"c\":{\"d\":[{}]}}}", 2},
    {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}", 1},
    {"{\"a\":\"\x7f \xc3\xa9 \xf0\x9f\x98\x80 \xff\"}", 1},
    {"{\"a\":1,\"a\":2}", 2},
    {"{\"0123456789012345678901234567890123456789\":"
     "\"0123456789012345678901234567890123456789\"}",
	1},
};

START_TEST(test_good)
{
	const char *error;

	ck_assert_int_eq(walk(slice_of(good[_i].text), &error),
	    good[_i].members);
}
END_TEST

static const struct bad {
	const char *text, *error;
} bad[] = {
    {"", "not a JSON object"},
    {" ", "not a JSON object"},
    {"a", "not a JSON object"},
    {"[]", "not a JSON object"},
    {"\"{}\"", "not a JSON object"},
    {"\xef\xbb\xbf{}", "not a JSON object"},
    {"{", "an object member without a key"},
    {"{,}", "an object member without a key"},
    {"{a:1}", "an object member without a key"},
    {"{\"a\":1,}", "an object member without a key"},
    {"{\"a\"}", "a key without a colon"},
    {"{\"a\"", "a key without a colon"},
    {"{\"a\":", "a value that is not JSON"},
    {"{\"a\":}", "a value that is not JSON"},
    {"{\"a\":+1}", "a value that is not JSON"},
    {"{\"a\":.5}", "a value that is not JSON"},
    {"{\"a\":tru}", "a value that is not JSON"},
    {"{\"a\":True}", "a value that is not JSON"},
    {"{\"a\":nul", "a value that is not JSON"},
    {"{\"a\":'b'}", "a value that is not JSON"},
    {"{\"a\":NaN}", "a value that is not JSON"},
    {"{\"a\":{1:2}}", "an object member without a key"},
    {"{\"a\":1}\xff", "something after the object"},
    {"{\"a\":-}", "a number without digits"},
    {"{\"a\":1.}", "a number without digits"},
    {"{\"a\":1e}", "a number without digits"},
    {"{\"a\":1e+", "a number without digits"},
    {"{\"a\":01}", "the object does not end"},
    {"{\"a\":1", "the object does not end"},
    {"{\"a\":1 \"b\":2}", "the object does not end"},
    {"{\"a\":\"b", "a string does not end"},
    {"{\"a", "a string does not end"},
    {"{\"a\":\"\\", "an escape that is none in a string"},
    {"{\"a\":\"0123456789abcdef0123456789abcdef0123456789abcdef",
	"a string does not end"},
    {"{\"a\":\"\\x\"}", "an escape that is none in a string"},
    {"{\"a\":\"\\U00e9\"}", "an escape that is none in a string"},
    {"{\"a\":\"\\u00e\"}", "an escape that is none in a string"},
    {"{\"a\":\"\\u00", "an escape that is none in a string"},
    {"{\"a\":\"\\uz000\"}", "an escape that is none in a string"},
    {"{\"a\":\"b\tc\"}", "a bare control character in a string"},
    {"{\"a\nb\":1}", "a bare control character in a string"},
    {"{\"a\":\"0123456789abcdef0123456789abcdef\x1f\"}",
	"a bare control character in a string"},
    {"{\"a\":[}", "a value that is not JSON"},
    {"{\"a\":[1,]}", "a value that is not JSON"},
    {"{\"a\":[1", "a bracket does not close"},
    {"{\"a\":[1}", "a value without a comma"},
    {"{\"a\":[1 2]}", "a value without a comma"},
    {"{\"a\":{\"b\":1]}", "a value without a comma"},
    {"{\"a\":{1}}", "an object member without a key"},
    {"{\"a\":{\"b\":1,}}", "an object member without a key"},
    {"{\"a\":{\"b\"}}", "a key without a colon"},
    {"{}}", "something after the object"},
    {"{\"a\":1}{\"a\":2}", "something after the object"},
    {"{\"a\":1} x", "something after the object"},
};

START_TEST(test_bad)
{
	const char *error;

	ck_assert_int_eq(walk(slice_of(bad[_i].text), &error), -1);
	ck_assert_str_eq(error, bad[_i].error);
}
END_TEST

START_TEST(test_nul_is_a_control_character)
{
	const char *error;

	ck_assert_int_eq(walk(SLICE("{\"a\":\"b\0c\"}"), &error), -1);
	ck_assert_str_eq(error, "a bare control character in a string");
}
END_TEST

/* Each byte at each place of a string: all but four kinds are let through. */
START_TEST(test_every_byte_at_every_place)
{
	char line[128];
	const char *error;

	for (size_t len = 1; len <= 70; len++) {
		for (size_t at = 0; at < len; at++) {
			size_t n = (size_t)sprintf(line, "{\"a\":\"%0*d\"}",
			    (int)len, 0);
			bool plain = _i >= ' ' && _i != '"' && _i != '\\';

			line[6 + at] = (char)_i;
			ck_assert_int_eq(walk((struct slice){line, n}, &error),
			    plain ? 1 : -1);
		}
	}
}
END_TEST

/* A prefix of an object is never an object, and is not read past its end. */
START_TEST(test_every_prefix)
{
	static const char text[] =
	    "{\"a\":\"caf\\u00e9\",\"b\":[1.5e3,{\"c\":null}],\"d\":true}";
	const char *error;

	for (size_t n = 0; n < sizeof(text) - 1; n++)
		ck_assert_int_eq(walk((struct slice){text, n}, &error), -1);
}
END_TEST

START_TEST(test_members)
{
	struct scan_member m;
	struct scan s;

	scan_open(&s,
	    SLICE("{\"a\\n\" : \"x\\ty\" ,\"b\":\"\",\"c\":-1.5,\"d\":true,"
		  "\"e\":false,\"f\":null,\"g\":{\"h\":[1]},\"i\":[ {} ]}"));
	ck_assert(scan_next(&s, &m));
	ck_assert(slice_eq(m.key, SLICE("a\\n")));
	ck_assert(slice_eq(m.value, SLICE("x\\ty")));
	ck_assert_int_eq(m.kind, SCAN_STRING);
	ck_assert(m.escaped);
	ck_assert(scan_next(&s, &m));
	ck_assert(slice_eq(m.key, SLICE("b")));
	ck_assert(slice_eq(m.value, SLICE("")));
	ck_assert_int_eq(m.kind, SCAN_STRING);
	ck_assert(!m.escaped);
	ck_assert(scan_next(&s, &m));
	ck_assert(slice_eq(m.value, SLICE("-1.5")));
	ck_assert_int_eq(m.kind, SCAN_NUMBER);
	ck_assert(scan_next(&s, &m));
	ck_assert_int_eq(m.kind, SCAN_TRUE);
	ck_assert(slice_eq(m.value, SLICE("true")));
	ck_assert(scan_next(&s, &m));
	ck_assert_int_eq(m.kind, SCAN_FALSE);
	ck_assert(scan_next(&s, &m));
	ck_assert_int_eq(m.kind, SCAN_NULL);
	ck_assert(scan_next(&s, &m));
	ck_assert_int_eq(m.kind, SCAN_OBJECT);
	ck_assert(slice_eq(m.value, SLICE("{\"h\":[1]}")));
	ck_assert(scan_next(&s, &m));
	ck_assert_int_eq(m.kind, SCAN_ARRAY);
	ck_assert(slice_eq(m.value, SLICE("[ {} ]")));
	ck_assert(!scan_next(&s, &m));
	ck_assert_ptr_null(s.error);
}
END_TEST

/* Brackets deeper than the limit are an error, not a crash. */
START_TEST(test_depth)
{
	static char text[2 * 100000 + 16];
	const char *error;

	for (int depth = SCAN_DEPTH_MAX; depth <= 100000; depth *= 5) {
		char *p = text + sprintf(text, "{\"a\":");

		memset(p, '[', (size_t)depth);
		memset(p + depth, ']', (size_t)depth);
		p[2 * depth] = '}';
		ck_assert_int_eq(walk((struct slice){text,
					  (size_t)(p - text) +
					      2 * (size_t)depth + 1},
				     &error),
		    depth <= SCAN_DEPTH_MAX ? 1 : -1);
	}
}
END_TEST

static const struct escape {
	const char *from, *to;
} escapes[] = {
    {"", ""},
    {"plain", "plain"},
    {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
    {"\\u0041", "A"},
    {"caf\\u00e9\\u00E9", "caf\xc3\xa9\xc3\xa9"},
    {"\\u20ac", "\xe2\x82\xac"},
    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
    {"\\uD83D", "\xef\xbf\xbd"},
    {"\\ude00", "\xef\xbf\xbd"},
    {"\\ud83dx", "\xef\xbf\xbdx"},
    {"\\ud83d\\n", "\xef\xbf\xbd\n"},
    {"\\ud83d\\u0041",
	"\xef\xbf\xbd"
	"A"},
    {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
};

START_TEST(test_unescape)
{
	const struct escape *e = &escapes[_i];
	char *from = copy(slice_of(e->from));
	struct slice value = {from, strlen(e->from)};
	char *to = malloc(value.len + 1), *end = scan_unescape(to, value);

	ck_assert(slice_eq((struct slice){to, (size_t)(end - to)},
	    slice_of(e->to)));
	free(from);
	free(to);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("scan");
	TCase *tc = tcase_create("scan");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_nul_is_a_control_character);
	tcase_add_loop_test(tc, test_every_byte_at_every_place, 0, 256);
	tcase_add_test(tc, test_every_prefix);
	tcase_add_test(tc, test_members);
	tcase_add_test(tc, test_depth);
	tcase_add_loop_test(tc, test_unescape, 0,
	    sizeof(escapes) / sizeof(escapes[0]));
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
