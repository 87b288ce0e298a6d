/* redo: finding the one record that a broker refuses. */

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../publisher/kafka/redo.h"

enum { RECORDS = 1000 };

static int
number_of(const struct redo_record *record)
{
	int n;

	memcpy(&n, record->bytes, sizeof(n));
	return n;
}

static void
add(struct redo *r, int n)
{
	ck_assert_int_eq(redo_add(r, (uint64_t)n,
			     (struct slice){(char *)&n, sizeof(n)}),
	    0);
}

/*
 * A broker that refuses a unit which holds one of the bad records, and else
 * takes it. Sends all of the list. Returns how many units that took; got has
 * the numbers taken and bad ones found, in their order.
 */
static int
send_all(struct redo *r, const bool *bad, int *got, int *found)
{
	struct redo_record *at_fault;
	int units = 0;

	*got = *found = 0;
	redo_begin(r);
	while (redo_count(r) > 0) {
		struct redo_record **unit = r->list + r->first;
		bool refused = false;

		units++;
		if (r->unit > redo_count(r))
			r->unit = redo_count(r);
		for (size_t i = 0; i < r->unit; i++)
			refused = refused || bad[number_of(unit[i])];
		for (size_t i = 0; i < r->unit; i++) {
			unit[i]->fate = refused ? REDO_REFUSED : REDO_ACKED;
			if (refused)
				continue;
			while (bad[*got])
				++*got;
			ck_assert_int_eq(number_of(unit[i]), (*got)++);
		}
		at_fault = redo_settle(r);
		if (at_fault != NULL) {
			ck_assert(bad[number_of(at_fault)]);
			++*found;
			free(at_fault);
		}
	}
	return units;
}

static const int few[][4] = {{0, 0, 0, 0}, {500, 500, 500, 500},
    {999, 999, 999, 999}, {0, 1, 998, 999}, {100, 700, 701, 702}};

START_TEST(test_a_few_bad_ones)
{
	bool bad[RECORDS + 1] = {false};
	struct redo r = {0};
	int want = 0, got, found, units;

	/* They come back in any order. */
	for (int i = 0; i < RECORDS; i++)
		add(&r, i * 7 % RECORDS);
	for (int i = 0; i < 4; i++) {
		want += !bad[few[_i][i]];
		bad[few[_i][i]] = true;
	}
	units = send_all(&r, bad, &got, &found);
	ck_assert_int_eq(found, want);
	while (got < RECORDS && bad[got])
		got++;
	ck_assert_int_eq(got, RECORDS);
	/* Halving down and doubling up again, for each. */
	ck_assert_int_le(units, 4 * 25);
	redo_free(&r);
}
END_TEST

START_TEST(test_all_bad)
{
	bool bad[RECORDS + 1];
	struct redo r = {0};
	int got, found;

	for (int i = 0; i < RECORDS; i++) {
		add(&r, i);
		bad[i] = true;
	}
	bad[RECORDS] = false;
	send_all(&r, bad, &got, &found);
	ck_assert_int_eq(found, RECORDS);
	ck_assert_int_eq(got, 0);
	redo_free(&r);
}
END_TEST

/* What came back by no fault of its own is sent again, even when alone. */
START_TEST(test_in_vain)
{
	struct redo r = {0};

	add(&r, 0);
	redo_begin(&r);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(r.unit, 1);
		ck_assert_ptr_null(redo_settle(&r));
		ck_assert_uint_eq(redo_count(&r), 1);
	}
	r.list[r.first]->fate = REDO_ACKED;
	ck_assert_ptr_null(redo_settle(&r));
	ck_assert_uint_eq(redo_count(&r), 0);
	ck_assert_ptr_null(redo_take(&r));
	redo_free(&r);
}
END_TEST

/* A unit that had no room at all is tried again. */
START_TEST(test_no_room)
{
	struct redo r = {0};

	add(&r, 0);
	add(&r, 1);
	redo_begin(&r);
	r.unit = 0;
	ck_assert_ptr_null(redo_settle(&r));
	ck_assert_uint_eq(r.unit, 1);
	ck_assert_uint_eq(redo_count(&r), 2);
	redo_free(&r);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("redo");
	TCase *tc = tcase_create("redo");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_a_few_bad_ones, 0,
	    sizeof(few) / sizeof(few[0]));
	tcase_add_test(tc, test_all_bad);
	tcase_add_test(tc, test_in_vain);
	tcase_add_test(tc, test_no_room);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
