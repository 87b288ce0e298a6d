/* scan: one object's members, and what is none. */

#include <check.h>
#include <stdlib.h>

#include "scan.h"

START_TEST(test_members)
{
	static const struct {
		const char *key, *value;
		enum scan_kind kind;
		bool escaped;
	} want[] = {
	    {"s", "text", SCAN_STRING, false},
	    {"e", "a\\n\\u0041", SCAN_STRING, true},
	    {"n", "-1.5e+3", SCAN_NUMBER, false},
	    {"t", "true", SCAN_TRUE, false},
	    {"f", "false", SCAN_FALSE, false},
	    {"z", "null", SCAN_NULL, false},
	    {"o", "{ \"a\" : [ ] }", SCAN_OBJECT, false},
	    {"a", "[1,{},[2]]", SCAN_ARRAY, false},
	    {"", "", SCAN_STRING, false},
	};
	struct slice line =
	    SLICE(" { \"s\" : \"text\",\"e\":\"a\\n\\u0041\", \"n\":-1.5e+3,"
		  "\"t\":true,\"f\":false,\"z\":null,"
		  "\"o\":{ \"a\" : [ ] },\"a\":[1,{},[2]] , \"\":\"\" }\r\n");
	struct scan_member m;
	struct scan s;
	size_t n = 0;

	for (scan_open(&s, line); scan_next(&s, &m); n++) {
		ck_assert_uint_lt(n, sizeof(want) / sizeof(want[0]));
		ck_assert(slice_eq(m.key, slice_of(want[n].key)));
		ck_assert(slice_eq(m.value, slice_of(want[n].value)));
		ck_assert_int_eq(m.kind, want[n].kind);
		ck_assert_int_eq(m.escaped, want[n].escaped);
	}
	ck_assert_ptr_null(s.error);
	ck_assert_uint_eq(n, sizeof(want) / sizeof(want[0]));
	ck_assert(!scan_next(&s, &m));
}
END_TEST

static const char *const wrong[] = {"", " ", "1", "\"a\"", "[]", "{", "{,}",
    "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
    "{a:1}", "{\"a\":1}x", "{\"a\":1}{}", "{\"a\":\"b}", "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u123\"}", "{\"a\":\"\t\"}", "{\"a\":01}",
    "{\"a\":-}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":.5}", "{\"a\":tru}",
    "{\"a\":nul}", "{\"a\":[1,]}", "{\"a\":[1}", "{\"a\":{\"b\":1,}}",
    "{\"a\":{1:2}}", "{\"a\":[}", "{\"a\":NaN}", "{\"a\":1}\xff",
    "{\"a\":'b'}"};

START_TEST(test_wrong)
{
	struct scan_member m;
	struct scan s;

	scan_open(&s, slice_of(wrong[_i]));
	while (scan_next(&s, &m))
		continue;
	ck_assert_ptr_nonnull(s.error);
	ck_assert(!scan_next(&s, &m));
}
END_TEST

static const char *
depth(int n)
{
	char line[2 * SCAN_DEPTH_MAX + 32] = "{\"a\":", *p = line + 5;
	struct scan_member m;
	struct scan s;

	for (int i = 0; i < n; i++)
		*p++ = '[';
	for (int i = 0; i < n; i++)
		*p++ = ']';
	*p++ = '}';
	scan_open(&s, (struct slice){line, (size_t)(p - line)});
	while (scan_next(&s, &m))
		continue;
	return s.error;
}

START_TEST(test_depth)
{
	ck_assert_ptr_null(depth(SCAN_DEPTH_MAX));
	ck_assert_ptr_nonnull(depth(SCAN_DEPTH_MAX + 1));
}
END_TEST

static const struct {
	const char *json, *text;
} strings[] = {{"", ""}, {"plain", "plain"},
    {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
    {"\\u0041\\u00e9", "A\xc3\xa9"}, {"\\u4f60", "\xe4\xbd\xa0"},
    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"}, {"\\uD83D", "\xef\xbf\xbd"},
    {"\\ude00", "\xef\xbf\xbd"}, {"\\ud83dx", "\xef\xbf\xbdx"},
    {"\\ud83d\\u0041",
	"\xef\xbf\xbd"
	"A"},
    {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    {"\xc3\xa9\\n", "\xc3\xa9\n"}};

START_TEST(test_unescape)
{
	char got[64];

	*scan_unescape(got, slice_of(strings[_i].json)) = '\0';
	ck_assert_str_eq(got, strings[_i].text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("scan");
	TCase *tc = tcase_create("scan");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_members);
	tcase_add_loop_test(tc, test_wrong, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tc, test_depth);
	tcase_add_loop_test(tc, test_unescape, 0,
	    sizeof(strings) / sizeof(strings[0]));
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
