/* clock: the system's, or held by a test. */

#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"

START_TEST(test_wall_is_unix_time)
{
	int64_t before = (int64_t)time(NULL) * 1000, now = clock_wall();

	ck_assert_int_ge(now, before - 1000);
	ck_assert_int_le(now, before + 60000);
}
END_TEST

START_TEST(test_mono_goes_on)
{
	int64_t before = clock_mono();

	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	ck_assert_int_gt(clock_mono(), before);
}
END_TEST

START_TEST(test_held)
{
	clock_hold(1763688123456, 0);
	ck_assert_int_eq(clock_wall(), 1763688123456);
	ck_assert_int_eq(clock_mono(), 0);
	clock_turn(1500);
	ck_assert_int_eq(clock_wall(), 1763688124956);
	ck_assert_int_eq(clock_mono(), 1500);
	clock_release();
	ck_assert_int_gt(clock_wall(), 1763688124956);
	ck_assert_int_ne(clock_mono(), 1500);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("clock");
	TCase *tc = tcase_create("clock");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_wall_is_unix_time);
	tcase_add_test(tc, test_mono_goes_on);
	tcase_add_test(tc, test_held);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
