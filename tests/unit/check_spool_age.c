/* spool_age: how long ago what is in a spool came. */

#include <check.h>
#include <stdlib.h>

#include "../../publisher/spool/spool_age.h"

static struct spool_age a;

START_TEST(test_nothing_is_known)
{
	ck_assert_int_eq(spool_age_of(&a, 0), -1);
	spool_age_mark(&a, 100, 5000);
	ck_assert_int_eq(spool_age_of(&a, 99), -1);
}
END_TEST

START_TEST(test_the_last_mark_before)
{
	for (int i = 0; i < 10; i++)
		spool_age_mark(&a, (uint64_t)i * 100, 1000 * i);
	ck_assert_int_eq(spool_age_of(&a, 0), 0);
	ck_assert_int_eq(spool_age_of(&a, 499), 4000);
	ck_assert_int_eq(spool_age_of(&a, 500), 5000);
	ck_assert_int_eq(spool_age_of(&a, 5000), 9000);
}
END_TEST

/* A day, in marks that are few, and near enough. */
START_TEST(test_a_long_time)
{
	const int64_t day = 86400 * 1000;

	for (int64_t t = 0; t < day; t += 100)
		spool_age_mark(&a, (uint64_t)t, t);
	ck_assert_uint_le(a.count, SPOOL_AGE_MARKS);
	for (int64_t t = 0; t < day; t += 1000000) {
		int64_t came = spool_age_of(&a, (uint64_t)t);

		ck_assert_int_le(came, t);
		ck_assert_int_ge(came, t - day / 100);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("spool_age");
	TCase *tc = tcase_create("spool_age");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_nothing_is_known);
	tcase_add_test(tc, test_the_last_mark_before);
	tcase_add_test(tc, test_a_long_time);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
