/* reconcile: a connection is replaced, its channels joined before it is
   left. */

#include "reconciler.h"

/* Client 0 has these two channels; client 1 is its successor. */
static void
replace(void)
{
	attach(0);
	want("a");
	want("b");
	after(0, "join 0 a,b");
	confirm_all(0);
	reconcile_retire(&r, &clients[0]);
	attach(1);
	reconcile_inherit(&r, &clients[0], &clients[1], now);
}

START_TEST(test_joined_there_before_it_is_parted_here)
{
	replace();
	after(0, "join 1 a,b");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 2);
	said[0] = '\0';
	roomstate(1, "a", "1");
	/* It had joined, and has. */
	ck_assert_str_eq(said, "");
	just_after(RECONCILE_OVERLAP, "part 0 a");
	roomstate(1, "b", "2");
	just_after(RECONCILE_OVERLAP, "part 0 b");
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	reconcile_parted(&r, &clients[0], SLICE("b"), now);
	ck_assert_str_eq(said, "left 0 ");
	ck_assert_uint_eq(clients[1].count, 2);
}
END_TEST

START_TEST(test_a_retired_connection_takes_nothing_more)
{
	replace();
	after(0, "join 1 a,b");
	want("c");
	after(0, "join 1 c");
	confirm_all(1);
	after(RECONCILE_OVERLAP, "part 0 a,b");
	reconcile_retire(&r, &clients[1]);
	want("d");
	after(SECOND, "");
}
END_TEST

START_TEST(test_a_retired_connection_without_channels_is_left_at_once)
{
	attach(0);
	reconcile_retire(&r, &clients[0]);
	ck_assert_str_eq(said, "left 0 ");
}
END_TEST

START_TEST(test_the_old_one_closes_too_soon)
{
	replace();
	after(0, "join 1 a,b");
	roomstate(1, "a", "1");
	said[0] = '\0';
	reconcile_detach(&r, &clients[0], now - 5, now, now);
	now += 300;
	roomstate(1, "b", "2");
	/* a was there already. */
	ck_assert_str_eq(said, "joined 1 b 2; gap 0 b -5-300 disconnected");
	after(60 * SECOND, "");
}
END_TEST

START_TEST(test_the_old_one_was_dead_before_the_new_one_joined)
{
	replace();
	after(10, "join 1 a,b");
	now += 40;
	confirm_all(1);
	said[0] = '\0';
	/* Nobody can know what it missed in between. */
	reconcile_detach(&r, &clients[0], START + 20, START + 20, now);
	ck_assert_str_eq(said,
	    "gap 0 a 20-50 disconnected; gap 0 b 20-50 disconnected");
}
END_TEST

START_TEST(test_a_quiet_one_that_is_closed_has_missed_nothing)
{
	replace();
	after(10, "join 1 a,b");
	confirm_all(1);
	said[0] = '\0';
	reconcile_detach(&r, &clients[0], START - 9000, now, now);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(test_the_successor_is_lost_half_way)
{
	replace();
	after(0, "join 1 a,b");
	roomstate(1, "a", "1");
	said[0] = '\0';
	detach(1);
	ck_assert_str_eq(said, "");
	/* The old one keeps both. */
	after(RECONCILE_OVERLAP, "");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 2);
	attach(2);
	after(0, "join 2 a,b");
	confirm_all(2);
	just_after(RECONCILE_OVERLAP, "part 0 a,b");
}
END_TEST

START_TEST(test_the_successor_is_lost_when_the_old_one_is_parted)
{
	replace();
	after(0, "join 1 a,b");
	confirm_all(1);
	after(RECONCILE_OVERLAP, "part 0 a,b");
	reconcile_detach(&r, &clients[1], now - 100, now, now);
	now += 7;
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	ck_assert_str_eq(said, "parted 0 a -");
	attach(2);
	after(0, "join 2 a,b");
	said[0] = '\0';
	roomstate(2, "a", "1");
	ck_assert_str_eq(said, "joined 2 a 1; gap 0 a 1007-1007 parted");
}
END_TEST

START_TEST(test_the_successor_is_replaced_in_its_turn)
{
	replace();
	after(0, "join 1 a,b");
	roomstate(1, "a", "1");
	reconcile_retire(&r, &clients[1]);
	attach(2);
	reconcile_inherit(&r, &clients[1], &clients[2], now);
	/* What the first successor had not joined it never will. */
	after(0, "join 2 a,b");
	roomstate(1, "b", "2");
	ck_assert_uint_eq(clients[1].count, 1);
	just_after(RECONCILE_OVERLAP, "part 0 a");
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	confirm_all(2);
	just_after(RECONCILE_OVERLAP, "part 1 a; part 0 b");
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("b"), now);
	reconcile_parted(&r, &clients[1], SLICE("a"), now);
	ck_assert_str_eq(said, "left 0 ; left 1 ");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 2);
}
END_TEST

START_TEST(test_what_is_not_answered_yet_moves_without_a_part)
{
	attach(0);
	want("a");
	after(0, "join 0 a");
	reconcile_retire(&r, &clients[0]);
	attach(1);
	reconcile_inherit(&r, &clients[0], &clients[1], now);
	ck_assert_str_eq(said, "join 0 a; left 0 ");
	after(0, "join 1 a");
	said[0] = '\0';
	roomstate(0, "a", "1");
	ck_assert_str_eq(said, "");
	roomstate(1, "a", "1");
	ck_assert_str_eq(said, "joined 1 a 1");
}
END_TEST

START_TEST(test_a_channel_the_successor_is_refused_stays_where_it_is)
{
	replace();
	after(0, "join 1 a,b");
	said[0] = '\0';
	reconcile_refused(&r, &clients[1], SLICE("a"), "msg_banned", now);
	roomstate(1, "b", "2");
	ck_assert_str_eq(said, "");
	just_after(RECONCILE_OVERLAP, "part 0 b");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 2);
	detach(0);
	ck_assert_uint_eq(r.phases[PHASE_REFUSED], 1);
	now += RECONCILE_REFUSED;
	after(0, "join 1 a");
	said[0] = '\0';
	roomstate(1, "a", "1");
	ck_assert_str_eq(said,
	    "joined 1 a 1; gap 0 a 1000-3601000 disconnected");
}
END_TEST

START_TEST(test_unwanted_meanwhile_it_is_parted_everywhere)
{
	replace();
	reconcile_unwant(&r, "a", now);
	after(0, "part 0 a; join 1 b");
	reconcile_unwant(&r, "b", now);
	after(0, "part 0 b; part 1 b");
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	reconcile_parted(&r, &clients[1], SLICE("b"), now);
	reconcile_parted(&r, &clients[0], SLICE("b"), now);
	ck_assert_str_eq(said, "parted 0 a -; parted 0 b -; left 0 ");
	ck_assert_uint_eq(r.channels.n, 0);
}
END_TEST

START_TEST(test_unwanted_and_wanted_again_meanwhile)
{
	replace();
	after(0, "join 1 a,b");
	reconcile_unwant(&r, "a", now);
	want("a");
	after(0, "");
	confirm_all(1);
	just_after(RECONCILE_OVERLAP, "part 0 a,b");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 2);
}
END_TEST

START_TEST(test_a_part_that_is_not_answered_ends_the_old_one)
{
	replace();
	after(0, "join 1 a,b");
	confirm_all(1);
	after(RECONCILE_OVERLAP, "part 0 a,b");
	just_after(RECONCILE_ANSWER, "mute 0 ; mute 0 ");
}
END_TEST

START_TEST(test_an_account_is_in_no_more_rooms_for_it)
{
	struct client *old = &clients[0], *new = &clients[1];

	teardown();
	open_with(4, 4);
	ids[0].account = "ann";
	attach(0);
	want_many(5);
	after(0, "join 0 c0,c1,c2,c3");
	confirm_all(0);
	reconcile_retire(&r, old);
	reconcile_attach(&r, new, &ids[0], 0);
	reconcile_inherit(&r, old, new, now);
	ck_assert_uint_eq(ids[0].rooms, 4);
	after(0, "join 1 c0,c1,c2,c3");
	ck_assert_uint_eq(ids[0].rooms, 4);
	/* Not even when the old one goes. */
	detach(0);
	ck_assert_uint_eq(ids[0].rooms, 4);
	confirm_all(1);
	after(LIMITS_WINDOW, "");
	reconcile_unwant(&r, "c1", now);
	after(0, "part 1 c1");
	reconcile_parted(&r, new, SLICE("c1"), now);
	after(0, "join 1 c4");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("replace");
	TCase *tc = tcase_create("replace");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_joined_there_before_it_is_parted_here);
	tcase_add_test(tc, test_a_retired_connection_takes_nothing_more);
	tcase_add_test(tc,
	    test_a_retired_connection_without_channels_is_left_at_once);
	tcase_add_test(tc, test_the_old_one_closes_too_soon);
	tcase_add_test(tc, test_the_old_one_was_dead_before_the_new_one_joined);
	tcase_add_test(tc, test_a_quiet_one_that_is_closed_has_missed_nothing);
	tcase_add_test(tc, test_the_successor_is_lost_half_way);
	tcase_add_test(tc,
	    test_the_successor_is_lost_when_the_old_one_is_parted);
	tcase_add_test(tc, test_the_successor_is_replaced_in_its_turn);
	tcase_add_test(tc, test_what_is_not_answered_yet_moves_without_a_part);
	tcase_add_test(tc,
	    test_a_channel_the_successor_is_refused_stays_where_it_is);
	tcase_add_test(tc, test_unwanted_meanwhile_it_is_parted_everywhere);
	tcase_add_test(tc, test_unwanted_and_wanted_again_meanwhile);
	tcase_add_test(tc, test_a_part_that_is_not_answered_ends_the_old_one);
	tcase_add_test(tc, test_an_account_is_in_no_more_rooms_for_it);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
