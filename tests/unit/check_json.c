/* json, utf8: strings of any bytes, numbers, characters cut in two. */

#include <check.h>
#include <stdlib.h>

#include "json.h"
#include "utf8.h"

#define FFFD "\xef\xbf\xbd"

static const struct {
	struct slice bytes;
	const char *json;
} strings[] = {
    {SLICE_INIT(""), ""},
    {SLICE_INIT("plain"), "plain"},
    {SLICE_INIT("\"\\/"), "\\\"\\\\/"},
    {SLICE_INIT("\b\t\n\f\r"), "\\b\\t\\n\\f\\r"},
    {SLICE_INIT("\0\1\37\177"), "\\u0000\\u0001\\u001f\177"},
    {SLICE_INIT("a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80"),
	"a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80"},
    /* Unicode 15, table 3-8 */
    {SLICE_INIT("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64"),
	"a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d"},
    /* tables 3-9, 3-10, 3-11 */
    {SLICE_INIT("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
	FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A"},
    {SLICE_INIT("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
	FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A"},
    {SLICE_INIT("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
	FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B"},
    {SLICE_INIT("\"\xff\\\x01"), "\\\"" FFFD "\\\\\\u0001"},
};

START_TEST(test_escape)
{
	struct slice bytes = strings[_i].bytes;
	char got[1024];

	*json_escape(got, bytes) = '\0';
	ck_assert_str_eq(got, strings[_i].json);
	*json_string(got, bytes) = '\0';
	ck_assert_uint_eq(strlen(got), strlen(strings[_i].json) + 2);
}
END_TEST

/* One byte to be escaped at each place of strings of each length. */
START_TEST(test_escape_at_any_place)
{
	for (size_t len = 1; len < 200; len++) {
		for (size_t at = 0; at < len; at++) {
			char *text = malloc(len), got[JSON_STRING_MAX(200)];
			size_t n;

			ck_assert_ptr_nonnull(text);
			memset(text, 'x', len);
			text[at] = '"';
			n = (size_t)(json_escape(got,
					 (struct slice){text, len}) -
			    got);
			ck_assert_uint_eq(n, len + 1);
			ck_assert_int_eq(got[at], '\\');
			ck_assert_int_eq(got[at + 1], '"');
			free(text);
		}
	}
}
END_TEST

START_TEST(test_int)
{
	static const struct {
		int64_t v;
		const char *json;
	} ints[] = {{0, "0"}, {7, "7"}, {-7, "-7"},
	    {1763688123456, "1763688123456"},
	    {INT64_MAX, "9223372036854775807"},
	    {INT64_MIN, "-9223372036854775808"}};

	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		char got[JSON_INT_MAX + 1];

		*json_int(got, ints[i].v) = '\0';
		ck_assert_str_eq(got, ints[i].json);
	}
}
END_TEST

static const struct {
	const char *bytes;
	size_t tail;
} tails[] = {{"", 0}, {"a", 0}, {"\xc3", 1}, {"\xc3\xa9", 0}, {"\xe4", 1},
    {"\xe4\xbd", 2}, {"\xe4\xbd\xa0", 0}, {"\xf0\x9f\x98", 3}, {"\xf0\x9f", 2},
    {"x\xf0", 1}, {"\xf0\x9f\x98\x80", 0}, {"\xff", 0}, {"\xc0", 0},
    {"\xf5", 0}, {"\xe0\x80", 0}, {"\xed\xa0", 0}, {"\x80", 0}, {"\xc3\x28", 0},
    {"\x80\x80\x80", 0}};

START_TEST(test_tail)
{
	ck_assert_uint_eq(json_utf8_tail(slice_of(tails[_i].bytes)),
	    tails[_i].tail);
}
END_TEST

/* Cut anywhere, with the tail carried over, a text is the same. */
START_TEST(test_pieces)
{
	static const char text[] =
	    "a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80\xff\xe4\xbd!\xf0\x9f";
	char whole[256], got[256], *p;

	*json_escape(whole, SLICE(text)) = '\0';
	for (size_t cut = 0; cut < sizeof(text); cut++) {
		struct slice left = {text, cut};

		left.len -= json_utf8_tail(left);
		p = json_escape(got, left);
		p = json_escape(p,
		    (struct slice){
			text + left.len, sizeof(text) - 1 - left.len});
		*p = '\0';
		ck_assert_str_eq(got, whole);
	}
}
END_TEST

START_TEST(test_utf8)
{
	struct slice bytes = strings[_i].bytes;
	char mended[256], json[1024];
	struct slice s = {mended, 0};

	s.len = (size_t)(utf8_repair(mended, bytes) - mended);
	ck_assert_uint_le(s.len, UTF8_REPAIR_MAX(bytes.len));
	ck_assert(utf8_is_valid(s));
	ck_assert_int_eq(utf8_is_valid(bytes), slice_eq(s, bytes));
	*json_escape(json, s) = '\0';
	ck_assert_str_eq(json, strings[_i].json);
}
END_TEST

/* Every character is valid, and none of its fronts. */
START_TEST(test_every_character)
{
	for (unsigned c = 0; c < 0x110000; c++) {
		unsigned char b[4] = {(unsigned char)c};
		struct slice s = {(char *)b, 1};

		if (c >= 0x80 && c < 0x800) {
			b[0] = (unsigned char)(0xc0 | c >> 6);
			s.len = 2;
		} else if (c >= 0x800 && c < 0x10000) {
			b[0] = (unsigned char)(0xe0 | c >> 12);
			s.len = 3;
		} else if (c >= 0x10000) {
			b[0] = (unsigned char)(0xf0 | c >> 18);
			s.len = 4;
		}
		for (size_t i = 1; i < s.len; i++)
			b[i] = (unsigned char)(0x80 |
			    (c >> 6 * (s.len - 1 - i) & 63));
		if ((c >= 0xd800 && c < 0xe000) != !utf8_is_valid(s))
			ck_abort_msg("U+%04X", c);
		for (s.len--; s.len > 0; s.len--)
			if (utf8_is_valid(s))
				ck_abort_msg("a part of U+%04X", c);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("json");
	TCase *tc = tcase_create("json");
	SRunner *sr = srunner_create(s);
	int n = sizeof(strings) / sizeof(strings[0]), failed;

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_escape, 0, n);
	tcase_add_test(tc, test_escape_at_any_place);
	tcase_add_test(tc, test_int);
	tcase_add_loop_test(tc, test_tail, 0, sizeof(tails) / sizeof(tails[0]));
	tcase_add_test(tc, test_pieces);
	tcase_add_loop_test(tc, test_utf8, 0, n);
	tcase_add_test(tc, test_every_character);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
