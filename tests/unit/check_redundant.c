/* reconcile: each channel on two connections, of both sides; several
   accounts. */

#include "reconciler.h"

static void
setup_two(void)
{
	redundancy = 2;
	setup();
}

/* A connection of the other side. */
static void
attach_other(int i)
{
	reconcile_attach(&r, &clients[i], &ids[i], 1);
}

START_TEST(test_a_channel_is_joined_on_both_sides)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	said[0] = '\0';
	roomstate(1, "a", "7");
	roomstate(0, "a", "7");
	ck_assert_str_eq(said, "joined 1 a 7");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
	ck_assert_uint_eq(r.channels.n, 1);
}
END_TEST

START_TEST(test_two_connections_of_a_side_share_the_channels)
{
	attach(0);
	attach(1);
	want("a");
	after(0, "join 0 a");
	after(SECOND, "");
}
END_TEST

START_TEST(test_the_loss_of_one_is_no_gap)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	said[0] = '\0';
	detach(0);
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
	attach(2);
	after(0, "join 2 a");
	said[0] = '\0';
	confirm_all(2);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(test_the_loss_of_both_is)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	now += 1000;
	reconcile_detach(&r, &clients[0], now - 10, now, now);
	now += 1000;
	reconcile_detach(&r, &clients[1], now - 20, now, now);
	attach(2);
	after(500, "join 2 a");
	said[0] = '\0';
	confirm_all(2);
	ck_assert_str_eq(said, "joined 2 a 1; gap 0 a 1980-2500 disconnected");
}
END_TEST

START_TEST(test_the_last_to_be_lost_had_been_dead_longer)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	now += 15000;
	reconcile_detach(&r, &clients[0], now, now, now);
	now += 3000;
	/* Nothing had been heard there since START. */
	reconcile_detach(&r, &clients[1], START, START, now);
	attach(2);
	after(0, "join 2 a");
	said[0] = '\0';
	confirm_all(2);
	ck_assert_str_eq(said,
	    "joined 2 a 1; gap 0 a 15000-18000 disconnected");
}
END_TEST

START_TEST(test_the_one_that_was_left_had_been_dead_meanwhile)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	now += 5000;
	detach(0);
	attach(2);
	after(2000, "join 2 a");
	confirm_all(2);
	said[0] = '\0';
	now += 3000;
	reconcile_detach(&r, &clients[1], START, START, now);
	ck_assert_str_eq(said, "gap 0 a 5000-7000 disconnected");
}
END_TEST

START_TEST(test_an_unwanted_channel_is_parted_on_both)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	reconcile_unwant(&r, "a", now);
	after(0, "part 0 a; part 1 a");
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	ck_assert_str_eq(said, "");
	reconcile_parted(&r, &clients[1], SLICE("a"), now);
	ck_assert_str_eq(said, "parted 1 a -");
	ck_assert_uint_eq(r.channels.n, 0);
}
END_TEST

START_TEST(test_wanted_before_both_are_parted_it_comes_back_on_both)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(0);
	confirm_all(1);
	reconcile_unwant(&r, "a", now);
	after(0, "part 0 a; part 1 a");
	reconcile_parted(&r, &clients[0], SLICE("a"), now);
	want("a");
	after(0, "join 0 a");
	reconcile_parted(&r, &clients[1], SLICE("a"), now);
	after(0, "join 1 a");
}
END_TEST

START_TEST(test_a_refusal_is_told_once)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	said[0] = '\0';
	reconcile_refused(&r, &clients[0], SLICE("a"), "tos_ban", now);
	reconcile_refused(&r, &clients[1], SLICE("a"), "tos_ban", now);
	ck_assert_str_eq(said, "refused 0 a tos_ban");
}
END_TEST

START_TEST(test_a_refusal_on_one_is_none_while_the_other_has_it)
{
	attach(0);
	attach_other(1);
	want("a");
	after(0, "join 0 a; join 1 a");
	confirm_all(1);
	said[0] = '\0';
	reconcile_refused(&r, &clients[0], SLICE("a"), "msg_banned", now);
	ck_assert_str_eq(said, "");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
	after(RECONCILE_REFUSED, "join 0 a");
}
END_TEST

/* Two accounts, each with a connection of either side: 0 and 1 are ann's, 2
   and 3 are bob's. */
static void
attach_accounts(void)
{
	ids[0].account = "ann";
	ids[1].account = "bob";
	for (unsigned i = 0; i < 4; i++)
		reconcile_attach(&r, &clients[i], &ids[i / 2], i % 2);
}

START_TEST(test_a_second_place_with_the_same_account_is_free)
{
	teardown();
	open_with(3, 3);
	attach_accounts();
	want_many(6);
	after(0,
	    "join 0 c0,c1,c2; join 1 c0,c1,c2; join 2 c3,c4,c5; "
	    "join 3 c3,c4,c5");
	ck_assert_uint_eq(ids[0].rooms, 3);
	ck_assert_uint_eq(ids[1].rooms, 3);
}
END_TEST

START_TEST(test_the_places_of_a_channel_move_together)
{
	teardown();
	open_with(3, 3);
	attach_accounts();
	want_many(3);
	reconcile_run(&r, now);
	confirm_all(0);
	confirm_all(1);
	/* Ann is gone altogether, then bob takes over. */
	detach(1);
	after(0, "");
	detach(0);
	after(0, "join 2 c0,c1,c2; join 3 c0,c1,c2");
	ck_assert_uint_eq(ids[0].rooms, 0);
	ck_assert_uint_eq(ids[1].rooms, 3);
}
END_TEST

START_TEST(test_an_account_in_a_storm_keeps_its_limit)
{
	unsigned before;

	teardown();
	open_with(25, LIMITS_ROOMS);
	attach_accounts();
	want_many(50);
	for (int t = 0; t < 60; t++) {
		before = joins;
		now += LIMITS_WINDOW;
		reconcile_run(&r, now);
		ck_assert_uint_le(joins - before, 2 * LIMITS_JOINS);
		for (int i = 0; i < 4; i++)
			confirm_all(i);
	}
	reconcile_retire(&r, &clients[0]);
	reconcile_retire(&r, &clients[1]);
	for (unsigned i = 4; i < 6; i++) {
		reconcile_attach(&r, &clients[i], &ids[0], i % 2);
		reconcile_inherit(&r, &clients[i - 4], &clients[i], now);
	}
	for (int t = 0; t < 12; t++) {
		before = joins;
		now += LIMITS_WINDOW;
		said[0] = '\0';
		reconcile_run(&r, now);
		ck_assert_uint_le(joins - before, LIMITS_JOINS);
		confirm_all(4);
		confirm_all(5);
		ck_assert_uint_eq(r.phases[PHASE_JOINED], 50);
	}
	ck_assert_uint_eq(ids[0].rooms, 25);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("redundant");
	TCase *tc = tcase_create("redundant");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup_two, teardown);
	tcase_add_test(tc, test_a_channel_is_joined_on_both_sides);
	tcase_add_test(tc, test_two_connections_of_a_side_share_the_channels);
	tcase_add_test(tc, test_the_loss_of_one_is_no_gap);
	tcase_add_test(tc, test_the_loss_of_both_is);
	tcase_add_test(tc, test_the_last_to_be_lost_had_been_dead_longer);
	tcase_add_test(tc, test_the_one_that_was_left_had_been_dead_meanwhile);
	tcase_add_test(tc, test_an_unwanted_channel_is_parted_on_both);
	tcase_add_test(tc,
	    test_wanted_before_both_are_parted_it_comes_back_on_both);
	tcase_add_test(tc, test_a_refusal_is_told_once);
	tcase_add_test(tc,
	    test_a_refusal_on_one_is_none_while_the_other_has_it);
	tcase_add_test(tc, test_a_second_place_with_the_same_account_is_free);
	tcase_add_test(tc, test_the_places_of_a_channel_move_together);
	tcase_add_test(tc, test_an_account_in_a_storm_keeps_its_limit);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
