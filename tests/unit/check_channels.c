/* channels: a walk through all of them, while some come and go. */

#include <check.h>
#include <stdlib.h>

#include "../../collector/channels.h"

static struct channels channels;
static struct channel *a, *b, *c;

static void
setup(void)
{
	channels_open(&channels);
	a = channels_add(&channels, "a");
	b = channels_add(&channels, "b");
	c = channels_add(&channels, "c");
	channels_walk(&channels);
}

static void
teardown(void)
{
	channels_close(&channels);
}

START_TEST(test_all_are_met)
{
	ck_assert_ptr_eq(channels_next(&channels), a);
	ck_assert_ptr_eq(channels_next(&channels), b);
	ck_assert_ptr_eq(channels_next(&channels), c);
	ck_assert_ptr_null(channels_next(&channels));
	ck_assert_ptr_null(channels_next(&channels));
}
END_TEST

START_TEST(test_what_goes_is_not_met)
{
	ck_assert_ptr_eq(channels_next(&channels), a);
	channels_remove(&channels, b);
	channels_remove(&channels, a);
	ck_assert_ptr_eq(channels_next(&channels), c);
	ck_assert_ptr_null(channels_next(&channels));
}
END_TEST

START_TEST(test_the_last_goes_when_it_is_next)
{
	channels_next(&channels);
	channels_next(&channels);
	channels_remove(&channels, c);
	channels_add(&channels, "c");
	ck_assert_ptr_null(channels_next(&channels));
}
END_TEST

/* Else one that goes and comes again would be met twice. */
START_TEST(test_what_comes_is_not_met)
{
	ck_assert_ptr_eq(channels_next(&channels), a);
	channels_remove(&channels, a);
	channels_add(&channels, "a");
	ck_assert_ptr_eq(channels_next(&channels), b);
	channels_remove(&channels, c);
	ck_assert_ptr_null(channels_next(&channels));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("channels");
	TCase *tc = tcase_create("channels");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_all_are_met);
	tcase_add_test(tc, test_what_goes_is_not_met);
	tcase_add_test(tc, test_the_last_goes_when_it_is_next);
	tcase_add_test(tc, test_what_comes_is_not_met);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
