/* reconcile: what a channel has missed, and when its hole ends. */

#include "reconciler.h"

START_TEST(test_a_refusal_of_what_was_joined_begins_a_hole)
{
	attach(0);
	want("a");
	reconcile_run(&r, now);
	roomstate(0, "a", "1");
	now += 500;
	reconcile_refused(&r, &clients[0], SLICE("a"), "msg_banned", now);
	after(RECONCILE_REFUSED, "join 0 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_ptr_nonnull(strstr(said, "gap 0 a 500"));
	ck_assert_ptr_nonnull(strstr(said, "refused"));
}
END_TEST

START_TEST(test_a_refusal_of_what_was_not_joined_begins_none)
{
	attach(0);
	want("a");
	reconcile_run(&r, now);
	reconcile_refused(&r, &clients[0], SLICE("a"), "msg_banned", now);
	after(RECONCILE_REFUSED, "join 0 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_str_eq(said, "joined 0 a 1");
}
END_TEST

START_TEST(test_a_hole_ends_when_the_channel_is_unwanted)
{
	attach(0);
	want("a");
	reconcile_run(&r, now);
	roomstate(0, "a", "1");
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	now += 100;
	said[0] = '\0';
	reconcile_unwant(&r, "a", now);
	ck_assert_ptr_nonnull(strstr(said, "gap 0 a 0"));
	want("a");
	after(0, "join 0 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_str_eq(said, "joined 0 a 1");
}
END_TEST

START_TEST(test_a_hole_that_is_open_ends_with_the_reader)
{
	attach(0);
	want("a");
	want("b");
	want("never");
	reconcile_run(&r, now);
	roomstate(0, "a", "1");
	roomstate(0, "b", "2");
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	now += 100;
	said[0] = '\0';
	reconcile_end(&r, now);
	ck_assert_ptr_nonnull(strstr(said, "gap 0 a 0"));
	ck_assert_ptr_null(strstr(said, "; "));
	ck_assert_int_eq(channels_find(&r.channels, SLICE("a"))->lost, now);
}
END_TEST

START_TEST(test_an_earlier_reader_leaves_a_hole_in_what_is_wanted)
{
	want("a");
	reconcile_resume(&r, SLICE("a"), START - 5000, "restarted");
	reconcile_resume(&r, SLICE("b"), START - 5000, "restarted");
	attach(0);
	after(0, "join 0 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_ptr_nonnull(strstr(said, "joined 0 a 1; gap 0 a -5000"));
	ck_assert_ptr_nonnull(strstr(said, "restarted"));
	ck_assert_uint_eq(r.channels.n, 1);
}
END_TEST

START_TEST(test_a_hole_from_before_the_clock_began)
{
	want("a");
	reconcile_resume(&r, SLICE("a"), 0, "restarted");
	attach(0);
	after(0, "join 0 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_ptr_nonnull(strstr(said, "restarted"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("holes");
	TCase *tc = tcase_create("holes");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_refusal_of_what_was_joined_begins_a_hole);
	tcase_add_test(tc, test_a_refusal_of_what_was_not_joined_begins_none);
	tcase_add_test(tc, test_a_hole_ends_when_the_channel_is_unwanted);
	tcase_add_test(tc, test_a_hole_that_is_open_ends_with_the_reader);
	tcase_add_test(tc,
	    test_an_earlier_reader_leaves_a_hole_in_what_is_wanted);
	tcase_add_test(tc, test_a_hole_from_before_the_clock_began);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
