/* timers, pacer, backoff: what is due when. */

#include <check.h>
#include <stdlib.h>

#include "../../collector/backoff.h"
#include "../../collector/pacer.h"
#include "../../collector/timers.h"

enum { MANY = 1000 };

START_TEST(test_timers_come_in_the_order_of_their_time)
{
	static struct timer timers[MANY];
	struct timers t = {.heap = NULL};
	struct timer *timer;
	int64_t last = 0;
	int n = 0;

	srand(7);
	for (int i = 0; i < MANY; i++)
		timers_set(&t, &timers[i], rand() % 5000);
	for (int i = 0; i < MANY; i += 3)
		timers_cancel(&t, &timers[i]);
	for (int i = 1; i < MANY; i += 3)
		timers_set(&t, &timers[i], rand() % 5000);
	while ((timer = timers_due(&t, 5000)) != NULL) {
		ck_assert_int_ge(timer->at, last);
		ck_assert_int_ne((timer - timers) % 3, 0);
		last = timer->at;
		n++;
	}
	ck_assert_int_eq(n, MANY - (MANY + 2) / 3);
	timers_close(&t);
}
END_TEST

START_TEST(test_a_timer_is_due_at_its_time_and_once)
{
	struct timers t = {.heap = NULL};
	struct timer a = {.kind = 1};

	ck_assert_int_eq(timers_next(&t), TIMERS_NEVER);
	timers_set(&t, &a, 100);
	ck_assert_int_eq(timers_next(&t), 100);
	ck_assert_ptr_null(timers_due(&t, 99));
	ck_assert_ptr_eq(timers_due(&t, 100), &a);
	ck_assert_ptr_null(timers_due(&t, 100));
	timers_cancel(&t, &a);
	timers_close(&t);
}
END_TEST

START_TEST(test_a_full_window_is_kept_to)
{
	struct pacer p;

	pacer_open(&p, 20, 10000);
	ck_assert_uint_eq(pacer_allowance(&p, 0, 100), 20);
	pacer_charge(&p, 0, 15);
	pacer_charge(&p, 4000, 5);
	ck_assert_uint_eq(pacer_allowance(&p, 9999, 100), 0);
	ck_assert_int_eq(pacer_next(&p, 5000), 10000);
	ck_assert_uint_eq(pacer_allowance(&p, 10000, 100), 15);
	pacer_charge(&p, 10000, 15);
	ck_assert_uint_eq(pacer_allowance(&p, 13999, 100), 0);
	ck_assert_uint_eq(pacer_allowance(&p, 14000, 100), 5);
	pacer_close(&p);
}
END_TEST

START_TEST(test_delays_double_up_to_the_most)
{
	static const int64_t delays[] = {2, 4, 8, 16, 32, 60, 60};

	for (unsigned i = 0; i < 7; i++)
		ck_assert_int_eq(backoff_delay(i + 1, 2, 60), delays[i]);
	ck_assert_int_eq(backoff_delay(4000000000u, 2, 60), 60);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("timers");
	TCase *tc = tcase_create("timers");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_timers_come_in_the_order_of_their_time);
	tcase_add_test(tc, test_a_timer_is_due_at_its_time_and_once);
	tcase_add_test(tc, test_a_full_window_is_kept_to);
	tcase_add_test(tc, test_delays_double_up_to_the_most);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
