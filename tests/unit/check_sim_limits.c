/* The simulator's limits and rates, on a clock turned by hand. */
#include <check.h>

#include "../sim/limit.h"
#include "../sim/pace.h"
#include "clock.h"

static void
setup(void)
{
	clock_hold(1, 1);
}

static void
teardown(void)
{
	clock_release();
}

START_TEST(test_limit_is_of_any_ten_seconds)
{
	struct limit l = {.max = 3};

	ck_assert(limit_take(&l));
	clock_turn(4000);
	ck_assert(limit_take(&l));
	ck_assert(limit_take(&l));
	clock_turn(5999);
	ck_assert(!limit_take(&l));
	clock_turn(1); /* the first is ten seconds old */
	ck_assert(limit_take(&l));
	ck_assert(!limit_take(&l));
	clock_turn(4000);
	ck_assert(limit_take(&l));
	ck_assert(limit_take(&l));
	ck_assert(!limit_take(&l));
	limit_free(&l);
}
END_TEST

START_TEST(test_limit_of_zero_is_none)
{
	struct limit l = {0};

	for (int i = 0; i < 1000; i++)
		ck_assert(limit_take(&l));
	limit_free(&l);
}
END_TEST

START_TEST(test_pace_is_exact_over_time)
{
	struct pace p = {.rate = 333};
	int64_t taken = 0;

	pace_due(&p);
	for (int i = 0; i < 10000; i++) {
		int64_t n;

		clock_turn(1);
		n = pace_due(&p);
		pace_take(&p, n);
		taken += n;
	}
	ck_assert_int_eq(taken, 3330);
}
END_TEST

START_TEST(test_pace_after_a_pause_is_no_flood)
{
	struct pace p = {.rate = 100};

	pace_due(&p);
	clock_turn(60000);
	ck_assert_int_eq(pace_due(&p), 100);
	pace_rest(&p);
	clock_turn(60000);
	ck_assert_int_eq(pace_due(&p), 0);
	clock_turn(20);
	ck_assert_int_eq(pace_due(&p), 2);
}
END_TEST

START_TEST(test_pace_says_when_to_come_back)
{
	struct pace slow = {.rate = 3}, none = {.rate = 0};

	ck_assert_int_eq(pace_due(&slow), 0);
	ck_assert_int_eq(pace_wait(&slow), 334);
	clock_turn(334);
	ck_assert_int_eq(pace_due(&slow), 1);
	ck_assert_int_eq(pace_wait(&slow), 0);
	ck_assert_int_eq(pace_wait(&none), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sim limits");
	TCase *tc = tcase_create("limits");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_limit_is_of_any_ten_seconds);
	tcase_add_test(tc, test_limit_of_zero_is_none);
	tcase_add_test(tc, test_pace_is_exact_over_time);
	tcase_add_test(tc, test_pace_after_a_pause_is_no_flood);
	tcase_add_test(tc, test_pace_says_when_to_come_back);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
