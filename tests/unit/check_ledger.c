/* ledger: what is settled, in any order. */

#include <check.h>
#include <stdlib.h>

#include "../../publisher/spool/ledger.h"

static struct ledger l;

static void
setup(void)
{
	ck_assert_int_eq(ledger_open(&l, 100), 0);
}

static void
teardown(void)
{
	ledger_close(&l);
}

START_TEST(test_the_lowest_moves_the_position)
{
	for (uint64_t end = 110; end <= 150; end += 10)
		ledger_add(&l, end);
	ledger_settle(&l, 3);
	ledger_settle(&l, 2);
	ck_assert_uint_eq(l.position, 100);
	ledger_settle(&l, 1);
	ck_assert_uint_eq(l.position, 130);
	ledger_settle(&l, 5);
	ck_assert(ledger_settled(&l, 5) && !ledger_settled(&l, 4));
	ck_assert_uint_eq(l.position, 130);
	ledger_settle(&l, 4);
	ck_assert_uint_eq(l.position, 150);
	ck_assert_uint_eq(l.low, l.high);
}
END_TEST

START_TEST(test_a_line_that_goes_on)
{
	ledger_add(&l, 110);
	ledger_add(&l, 120);
	ledger_settle(&l, 2);
	ledger_extend(&l, 130);
	ledger_settle(&l, 1);
	ck_assert_uint_eq(l.position, 130);
	ledger_extend(&l, 140);
	ck_assert_uint_eq(l.position, 140);
}
END_TEST

/* It is a ring, and may go round with records left behind. */
START_TEST(test_it_goes_round_and_is_full)
{
	uint64_t number = 1;

	for (int round = 0; round < 3; round++) {
		uint64_t held = 0;

		for (; !ledger_full(&l); number++) {
			ledger_add(&l, 100 + 10 * number);
			if (number % 1000 != 0)
				ledger_settle(&l, number);
			else if (held == 0)
				held = number;
		}
		ck_assert_uint_eq(l.high - l.low, LEDGER_MAX);
		ck_assert_uint_eq(l.low, held);
		ck_assert_uint_eq(l.position, 100 + 10 * (held - 1));
		for (uint64_t n = held; n < number; n += 1000)
			ledger_settle(&l, n);
		ck_assert_uint_eq(l.low, l.high);
		ck_assert_uint_eq(l.position, 100 + 10 * (number - 1));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ledger");
	TCase *tc = tcase_create("ledger");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_lowest_moves_the_position);
	tcase_add_test(tc, test_a_line_that_goes_on);
	tcase_add_test(tc, test_it_goes_round_and_is_full);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
