/* rest: the time between two attempts. */

#include <check.h>
#include <stdlib.h>

#include "../../publisher/kafka/rest.h"

START_TEST(test_it_grows_until_something_works)
{
	static const int64_t lengths[] = {
	    100, 200, 400, 800, 1600, 3200, 5000, 5000};
	struct rest r = {0};
	int64_t now = 1000000;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		rest_begin(&r, now, false);
		ck_assert_int_eq(rest_end(&r, now), now + lengths[i]);
		now += lengths[i];
		ck_assert_int_eq(rest_end(&r, now), 0);
	}
	rest_begin(&r, now, true);
	ck_assert_int_eq(rest_end(&r, now), now + 100);
}
END_TEST

START_TEST(test_one_at_a_time)
{
	struct rest r = {0};

	rest_begin(&r, 1000, true);
	rest_begin(&r, 1050, false);
	ck_assert_int_eq(rest_end(&r, 1050), 1100);
	rest_begin(&r, 1100, false);
	ck_assert_int_eq(rest_end(&r, 1100), 1300);
}
END_TEST

/* Who sleeps until then must not be told of a time that is past. */
START_TEST(test_none)
{
	struct rest r = {0};

	ck_assert_int_eq(rest_end(&r, 0), 0);
	ck_assert_int_eq(rest_end(&r, 1000000), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rest");
	TCase *tc = tcase_create("rest");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_it_grows_until_something_works);
	tcase_add_test(tc, test_one_at_a_time);
	tcase_add_test(tc, test_none);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
