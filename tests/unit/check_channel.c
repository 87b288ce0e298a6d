/* channel: what is a channel's name, and its one form. */

#include <check.h>
#include <stdlib.h>

#include "channel.h"

static const struct good {
	const char *typed, *name;
} good[] = {
    {"a", "a"},
    {"chess", "chess"},
    {"#chess", "chess"},
    {"Chess", "chess"},
    {"#CHESS_24", "chess_24"},
    {"_", "_"},
    {"0", "0"},
    {"abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopqrstuvwxy"},
    {"#abcdefghijklmnopqrstuvwxy", "abcdefghijklmnopqrstuvwxy"},
};

START_TEST(test_good)
{
	char name[CHANNEL_MAX + 1];

	ck_assert_int_eq(channel_name(slice_of(good[_i].typed), name),
	    (int)strlen(good[_i].name));
	ck_assert_str_eq(name, good[_i].name);
}
END_TEST

#define LITERAL(s) {s, sizeof(s) - 1}

static const struct slice bad[] = {
    LITERAL(""),
    LITERAL("#"),
    LITERAL("##chess"),
    LITERAL(" chess"),
    LITERAL("chess "),
    LITERAL("chess\n"),
    LITERAL("chess\r\nPART #b"),
    LITERAL("a,b"),
    LITERAL("a-b"),
    LITERAL("ch\0ss"),
    LITERAL("caf\xc3\xa9"),
    LITERAL("@a"),
    LITERAL("a[b"),
    LITERAL("abcdefghijklmnopqrstuvwxyz"),
};

START_TEST(test_bad)
{
	char name[CHANNEL_MAX + 1] = "untouched";

	ck_assert_int_eq(channel_name(bad[_i], name), -1);
	ck_assert_str_eq(name, "untouched");
}
END_TEST

START_TEST(test_in_place)
{
	char name[CHANNEL_MAX + 1] = "#Chess";

	ck_assert_int_eq(channel_name(slice_of(name), name), 5);
	ck_assert_str_eq(name, "chess");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("channel");
	TCase *tc = tcase_create("channel");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_in_place);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
