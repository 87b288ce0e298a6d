/* quantity: numbers, times and sizes as people type them. */

#include <check.h>
#include <stdlib.h>

#include "quantity.h"

static const struct good {
	int (*of)(const char *, int64_t, int64_t, int64_t *);
	const char *s;
	int64_t v;
} good[] = {
    {quantity_number, "0", 0},
    {quantity_number, "-7", -7},
    {quantity_number, "007", 7},
    {quantity_number, "9223372036854775807", INT64_MAX},
    {quantity_number, "-9223372036854775808", INT64_MIN},
    {quantity_duration, "0", 0},
    {quantity_duration, "200ms", 200},
    {quantity_duration, "10", 10000},
    {quantity_duration, "10s", 10000},
    {quantity_duration, "5m", 300000},
    {quantity_duration, "1h", 3600000},
    {quantity_size, "65536", 65536},
    {quantity_size, "65536B", 65536},
    {quantity_size, "64K", 65536},
    {quantity_size, "64KB", 65536},
    {quantity_size, "64KiB", 65536},
    {quantity_size, "64M", 67108864},
    {quantity_size, "2G", 2147483648},
    {quantity_size, "2GiB", 2147483648},
};

START_TEST(test_good)
{
	const struct good *g = &good[_i];
	int64_t v;

	ck_assert_int_eq(g->of(g->s, INT64_MIN, INT64_MAX, &v), 0);
	ck_assert_int_eq(v, g->v);
}
END_TEST

static const struct bad {
	int (*of)(const char *, int64_t, int64_t, int64_t *);
	const char *s;
} bad[] = {
    {quantity_number, ""},
    {quantity_number, "-"},
    {quantity_number, "--1"},
    {quantity_number, "+1"},
    {quantity_number, " 1"},
    {quantity_number, "1 "},
    {quantity_number, "1.5"},
    {quantity_number, "1e3"},
    {quantity_number, "0x10"},
    {quantity_number, "9223372036854775808"},
    {quantity_number, "-9223372036854775809"},
    {quantity_duration, "s"},
    {quantity_duration, "1 s"},
    {quantity_duration, "1S"},
    {quantity_duration, "1min"},
    {quantity_duration, "9223372036854775807"},
    {quantity_duration, "-9223372036854775808"},
    {quantity_size, "1k"},
    {quantity_size, "1iB"},
    {quantity_size, "1T"},
    {quantity_size, "8589934592G"},
};

START_TEST(test_bad)
{
	const struct bad *b = &bad[_i];
	int64_t v = 42;

	ck_assert_int_eq(b->of(b->s, INT64_MIN, INT64_MAX, &v), -1);
	ck_assert_int_eq(v, 42);
}
END_TEST

START_TEST(test_bounds_are_in_the_result_s_unit)
{
	int64_t v = 42;

	ck_assert_int_eq(quantity_duration("1s", 1001, 2000, &v), -1);
	ck_assert_int_eq(quantity_duration("2001ms", 1001, 2000, &v), -1);
	ck_assert_int_eq(v, 42);
	ck_assert_int_eq(quantity_duration("2s", 1001, 2000, &v), 0);
	ck_assert_int_eq(quantity_duration("1001ms", 1001, 2000, &v), 0);
	ck_assert_int_eq(quantity_number("-1", 0, 9, &v), -1);
	ck_assert_int_eq(v, 1001);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("quantity");
	TCase *tc = tcase_create("quantity");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_bounds_are_in_the_result_s_unit);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
