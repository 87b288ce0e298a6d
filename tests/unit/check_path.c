/* path: in which file a record is kept. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../publisher/file/path.h"
#include "clock.h"

static const struct filled {
	const char *template, *record, *path;
} filled[] = {
    {"log", "{}", "log"},
    {"../.x/./a", "{}", "../.x/./a"},
    {"{channel}.ndjson", "{\"channel\":\"chess\"}", "chess.ndjson"},
    {"/var/log/{channel}", "{\"channel\":\"a.b\"}", "/var/log/a.b"},
    {"../.x/{{{a}/{b}", "{\"a\":\"1\",\"b\":2}", "../.x/{1/2"},
    {"{date}", "{\"timestamp\":1763688123456}", "2025-11-21"},
    {"{date}", "{\"received\":1763688123456}", "2025-11-21"},
    {"{date}", "{\"timestamp\":1,\"received\":1763688123456}", "1970-01-01"},
    {"{date}T{hour}", "{\"timestamp\":1763769599999}", "2025-11-21T23"},
    {"{date}T{hour}", "{\"timestamp\":1763769600000}", "2025-11-22T00"},
    {"{date}", "{\"timestamp\":999999999999999}", "33658-09-27"},
    /* They are the event's time, whatever it says they are. */
    {"{date}-{hour}", "{\"timestamp\":0,\"date\":\"x\",\"hour\":9}",
	"1970-01-01-00"},
    /* No time: now. */
    {"{date}/{hour}", "{}", "2001-09-09/01"},
    {"{a|}x/y", "{}", "x/y"},
    {"x{a}", "{\"a\":\"..\"}", "x.."},
};

START_TEST(test_filled)
{
	const struct filled *f = &filled[_i];
	struct path p;

	clock_hold(1000000000000, 0);
	ck_assert_int_eq(path_open(&p, f->template), 0);
	ck_assert_int_eq(path_fill(&p, slice_of(f->record)), 0);
	ck_assert_str_eq(p.text, f->path);
	clock_release();
}
END_TEST

static const struct refused {
	const char *template, *record, *why;
} refused[] = {
    {"a", "x", "not a JSON object"},
    {"{a}", "{}", "no value for {a}"},
    {"d/{a}", "{\"a\":\"..\"}", "a part of its path begins with a dot"},
    {"d/{a}", "{\"a\":\".\"}", "a part of its path begins with a dot"},
    {"d/{a}/x", "{\"a\":\"..\"}", "a part of its path begins with a dot"},
    {"{a}", "{\"a\":\".bashrc\"}", "a part of its path begins with a dot"},
    {"{a}{b}", "{\"a\":\".\",\"b\":\".\"}",
	"a part of its path begins with a dot"},
    {"{a}", "{\"a\":\"/etc/passwd\"}", "a '/' in a value of its path"},
    {"d/{a}", "{\"a\":\"..\\/x\"}", "a '/' in a value of its path"},
    {"d/{a}", "{\"a\":\"\\u002e\\u002e\\u002fx\"}",
	"a '/' in a value of its path"},
    {"d/{a}/{b}", "{\"a\":\"x/y\",\"b\":\"z\"}",
	"a '/' in a value of its path"},
    {"d/{a|}/x", "{}", "a part of its path is empty"},
    {"{a|}/x", "{}", "a part of its path is empty"},
    {"d/{a}", "{\"a\":\"x\\u0000y\"}", "a control character in its path"},
    {"d/{a}", "{\"a\":\"x\\ny\"}", "a control character in its path"},
};

START_TEST(test_refused)
{
	const struct refused *r = &refused[_i];
	struct path p;

	ck_assert_int_eq(path_open(&p, r->template), 0);
	ck_assert_int_eq(path_fill(&p, slice_of(r->record)), -1);
	ck_assert_str_eq(p.why, r->why);
}
END_TEST

START_TEST(test_too_long)
{
	char record[2 * PATH_MAX];
	struct path p;

	ck_assert_int_eq(path_open(&p, "{a}"), 0);
	snprintf(record, sizeof(record), "{\"a\":\"%0*d\"}", PATH_MAX - 1, 7);
	ck_assert_int_eq(path_fill(&p, slice_of(record)), 0);
	snprintf(record, sizeof(record), "{\"a\":\"%0*d\"}", PATH_MAX, 7);
	ck_assert_int_eq(path_fill(&p, slice_of(record)), -1);
	ck_assert_str_eq(p.why, "its path is too long");
}
END_TEST

static const char *const wrong[] = {"", "{a", "logs/", "/"};

START_TEST(test_wrong)
{
	struct path p;

	ck_assert_int_eq(path_open(&p, wrong[_i]), -1);
	ck_assert_str_ne(p.why, "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("path");
	TCase *tc = tcase_create("path");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_filled, 0,
	    sizeof(filled) / sizeof(filled[0]));
	tcase_add_loop_test(tc, test_refused, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, test_too_long);
	tcase_add_loop_test(tc, test_wrong, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
