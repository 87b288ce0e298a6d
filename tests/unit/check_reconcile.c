/* reconcile: what is wanted is joined, within the limits. */

#include "reconciler.h"

START_TEST(test_a_wanted_channel_is_joined)
{
	want("chess");
	after(0, "");
	attach(0);
	after(0, "join 0 chess");
	said[0] = '\0';
	roomstate(0, "chess", "71");
	ck_assert_str_eq(said, "joined 0 chess 71");
	ck_assert_int_eq(reconcile_run(&r, now), TIMERS_NEVER);
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
}
END_TEST

START_TEST(test_wanting_twice_is_wanting_once)
{
	ck_assert(reconcile_want(&r, "chess", now));
	ck_assert(!reconcile_want(&r, "chess", now));
	ck_assert_uint_eq(r.desired, 1);
	ck_assert(reconcile_unwant(&r, "chess", now));
	ck_assert(!reconcile_unwant(&r, "chess", now));
	ck_assert_uint_eq(r.desired, 0);
	ck_assert_uint_eq(r.channels.n, 0);
}
END_TEST

START_TEST(test_names_confirm_where_no_roomstate_follows)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	reconcile_names(&r, &clients[0], SLICE("chess"), now);
	just_after(RECONCILE_NAMED, "joined 0 chess ");
}
END_TEST

START_TEST(test_names_wait_for_the_roomstate)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	reconcile_names(&r, &clients[0], SLICE("chess"), now);
	said[0] = '\0';
	roomstate(0, "chess", "71");
	ck_assert_str_eq(said, "joined 0 chess 71");
	after(RECONCILE_NAMED, "");
}
END_TEST

START_TEST(test_an_unanswered_join_backs_off_doubling)
{
	static const int64_t waits[] = {2, 4, 8, 16};

	attach(0);
	want("ghost");
	after(0, "join 0 ghost");
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		after(RECONCILE_ANSWER, "");
		ck_assert_uint_eq(clients[0].count, 0);
		just_after(waits[i] * SECOND, "join 0 ghost");
	}
}
END_TEST

START_TEST(test_a_channel_that_never_answers_is_refused)
{
	attach(0);
	want("ghost");
	after(0, "join 0 ghost");
	for (int i = 0; i < RECONCILE_TRIES - 1; i++) {
		after(RECONCILE_ANSWER, "");
		after(RECONCILE_RETRY_MOST, "join 0 ghost");
	}
	just_after(RECONCILE_ANSWER, "refused 0 ghost no answer");
	ck_assert_uint_eq(r.phases[PHASE_REFUSED], 1);
	just_after(RECONCILE_REFUSED, "join 0 ghost");
	just_after(RECONCILE_ANSWER, "refused 0 ghost no answer");
}
END_TEST

START_TEST(test_a_connection_that_answers_no_join_is_to_blame)
{
	attach(0);
	want_many(RECONCILE_MUTE);
	reconcile_run(&r, now);
	just_after(RECONCILE_ANSWER, "mute 0 ");
}
END_TEST

START_TEST(test_one_answer_clears_the_connection)
{
	attach(0);
	want_many(RECONCILE_MUTE + 1);
	reconcile_run(&r, now);
	roomstate(0, "c0", "1");
	after(RECONCILE_ANSWER, "");
}
END_TEST

START_TEST(test_success_resets_the_backoff)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	after(RECONCILE_ANSWER, "");
	after(2 * SECOND, "join 0 chess");
	roomstate(0, "chess", "71");
	detach(0);
	attach(0);
	after(20 * SECOND, "join 0 chess");
	after(RECONCILE_ANSWER, "");
	just_after(2 * SECOND, "join 0 chess");
}
END_TEST

START_TEST(test_nothing_waits_behind_a_slow_channel)
{
	attach(0);
	want("ghost");
	after(0, "join 0 ghost");
	want("chess");
	after(0, "join 0 chess");
}
END_TEST

START_TEST(test_no_window_sees_more_joins_than_the_limit)
{
	attach(0);
	want_many(90);
	reconcile_run(&r, now);
	ck_assert_uint_eq(joins, 20);
	for (int64_t t = 0; t < LIMITS_WINDOW - 1; t += 100)
		reconcile_run(&r, now + t);
	ck_assert_uint_eq(joins, 20);
	ck_assert_int_eq(reconcile_run(&r, now + LIMITS_WINDOW - 1),
	    now + LIMITS_WINDOW);
	reconcile_run(&r, now + LIMITS_WINDOW);
	ck_assert_uint_eq(joins, 40);
}
END_TEST

START_TEST(test_each_identity_has_a_limit_of_its_own)
{
	attach(0);
	attach(1);
	want_many(90);
	reconcile_run(&r, now);
	ck_assert_uint_eq(joins, 40);
}
END_TEST

START_TEST(test_two_connections_of_one_account_share_its_limit)
{
	reconcile_attach(&r, &clients[0], &ids[0], 0);
	reconcile_attach(&r, &clients[1], &ids[0], 0);
	want_many(90);
	reconcile_run(&r, now);
	ck_assert_uint_eq(joins, 20);
	reconcile_run(&r, now + LIMITS_WINDOW);
	ck_assert_uint_eq(joins, 40);
}
END_TEST

START_TEST(test_a_connection_takes_so_many_channels)
{
	teardown();
	open_with(3, LIMITS_ROOMS);
	attach(0);
	want_many(7);
	after(0, "join 0 c0,c1,c2");
	ck_assert_uint_eq(reconcile_clients_needed(&r), 3);
	attach(1);
	attach(2);
	after(0, "join 1 c3,c4,c5; join 2 c6");
	confirm_all(0);
	reconcile_unwant(&r, "c1", now);
	want("c7");
	after(0, "part 0 c1; join 2 c7");
	ck_assert_uint_eq(clients[0].count, 3);
	reconcile_parted(&r, &clients[0], SLICE("c1"), now);
	ck_assert_uint_eq(clients[0].count, 2);
}
END_TEST

START_TEST(test_an_account_is_in_so_many_rooms)
{
	teardown();
	open_with(3, 4);
	reconcile_attach(&r, &clients[0], &ids[0], 0);
	reconcile_attach(&r, &clients[1], &ids[0], 0);
	want_many(6);
	after(0, "join 0 c0,c1,c2; join 1 c3");
	confirm_all(0);
	confirm_all(1);
	after(LIMITS_WINDOW, "");
	reconcile_unwant(&r, "c0", now);
	after(0, "part 0 c0");
	reconcile_parted(&r, &clients[0], SLICE("c0"), now);
	after(LIMITS_WINDOW, "join 0 c4");
}
END_TEST

START_TEST(test_a_full_account_is_given_no_more)
{
	attach(0);
	want("a");
	want("b");
	after(0, "join 0 a,b");
	roomstate(0, "a", "1");
	reconcile_full(&r, &clients[0], SLICE("b"), now);
	after(60 * SECOND, "");
	attach(1);
	after(0, "join 1 b");
}
END_TEST

START_TEST(test_a_full_account_is_tried_again_after_an_hour)
{
	attach(0);
	want("a");
	after(0, "join 0 a");
	reconcile_full(&r, &clients[0], SLICE("a"), now);
	detach(0);
	attach(0);
	after(LIMITS_WINDOW, "join 0 a");
	reconcile_full(&r, &clients[0], SLICE("a"), now);
	just_after(RECONCILE_REFUSED, "join 0 a");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reconcile");
	TCase *tc = tcase_create("reconcile");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_wanted_channel_is_joined);
	tcase_add_test(tc, test_wanting_twice_is_wanting_once);
	tcase_add_test(tc, test_names_confirm_where_no_roomstate_follows);
	tcase_add_test(tc, test_names_wait_for_the_roomstate);
	tcase_add_test(tc, test_an_unanswered_join_backs_off_doubling);
	tcase_add_test(tc, test_a_channel_that_never_answers_is_refused);
	tcase_add_test(tc, test_a_connection_that_answers_no_join_is_to_blame);
	tcase_add_test(tc, test_one_answer_clears_the_connection);
	tcase_add_test(tc, test_success_resets_the_backoff);
	tcase_add_test(tc, test_nothing_waits_behind_a_slow_channel);
	tcase_add_test(tc, test_no_window_sees_more_joins_than_the_limit);
	tcase_add_test(tc, test_each_identity_has_a_limit_of_its_own);
	tcase_add_test(tc, test_two_connections_of_one_account_share_its_limit);
	tcase_add_test(tc, test_a_connection_takes_so_many_channels);
	tcase_add_test(tc, test_an_account_is_in_so_many_rooms);
	tcase_add_test(tc, test_a_full_account_is_given_no_more);
	tcase_add_test(tc, test_a_full_account_is_tried_again_after_an_hour);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
