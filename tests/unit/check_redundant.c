/* reconcile: each channel on two connections, of both sides; several
   accounts; and a long run of anything, with replacements. */

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

/* What random events leave must be what the counts say. */
static void
check_channel(const struct channel *ch, unsigned rooms[CLIENTS])
{
	bool mine[CLIENTS] = {false};
	unsigned current[SIDES] = {0};
	const struct seat *seat;

	TAILQ_FOREACH(seat, &ch->seats, same)
	{
		current[seat->side] += seat->heir == NULL;
		ck_assert(!seat->in || seat->client != NULL);
		if (seat->client == NULL)
			continue;
		ck_assert_uint_eq(seat->client->side, seat->side);
		mine[seat->client->identity - ids] = true;
	}
	for (int i = 0; i < CLIENTS; i++)
		rooms[i] += mine[i];
	for (int side = 0; side < SIDES; side++) {
		ck_assert_uint_le(current[side], 1);
		ck_assert(!ch->desired || current[side] == 1);
	}
	ck_assert(!TAILQ_EMPTY(&ch->seats));
}

static void
check_all(void)
{
	unsigned rooms[CLIENTS] = {0};
	size_t desired = 0;
	struct channel *ch;

	TAILQ_FOREACH(ch, &r.channels.all, all)
	{
		desired += ch->desired;
		check_channel(ch, rooms);
	}
	ck_assert_uint_eq(r.desired, desired);
	for (int i = 0; i < CLIENTS; i++) {
		ck_assert_uint_eq(ids[i].rooms, rooms[i]);
		ck_assert_uint_le(ids[i].rooms, 8);
		ck_assert_uint_le(clients[i].count, 6);
	}
}

/* Clients 0, 1 and 4 are ann's, 2, 3 and 5 bob's; the odd ones of side 1. */
static struct identity *
owner_of(int i)
{
	return &ids[i == 4 ? 0 : i == 5 ? 1 : i / 2];
}

static void
attach_again(int i)
{
	reconcile_attach(&r, &clients[i], owner_of(i), (unsigned)i % 2);
}

/* A successor of the same account and side, if it has one. */
static void
replace_one(int i)
{
	static const int successor[CLIENTS] = {4, 1, 2, 5, 0, 3};
	int j = successor[i];

	if (!clients[i].attached || clients[i].retiring || clients[j].attached)
		return;
	reconcile_retire(&r, &clients[i]);
	attach_again(j);
	reconcile_inherit(&r, &clients[i], &clients[j], now);
}

static void
detach_left(void)
{
	for (int i = 0; i < CLIENTS; i++)
		if (clients[i].retiring && clients[i].count == 0)
			detach(i);
}

static void
random_event(void)
{
	int i = rand() % CLIENTS;
	char name[8];
	struct slice s;

	snprintf(name, sizeof(name), "c%d", rand() % 16);
	s = slice_of(name);
	switch (rand() % 12) {
	case 0:
		reconcile_unwant(&r, name, now);
		break;
	case 1:
		if (clients[i].attached)
			reconcile_detach(&r, &clients[i], now - rand() % 20000,
			    now, now);
		else
			attach_again(i);
		break;
	case 2:
	case 3:
		reconcile_parted(&r, &clients[i], s, now);
		break;
	case 4:
		reconcile_refused(&r, &clients[i], s, "msg_banned", now);
		break;
	case 5:
		reconcile_names(&r, &clients[i], s, now);
		break;
	case 6:
		replace_one(i);
		break;
	case 7:
		reconcile_full(&r, &clients[i], s, now);
		break;
	case 8:
	case 9:
		roomstate(i, name, "1");
		break;
	default:
		want(name);
	}
}

/* With enough of everything all becomes as it ought to be. */
static void
settle(void)
{
	for (int i = 0; i < CLIENTS; i++)
		if (clients[i].attached && clients[i].retiring)
			detach(i);
	for (int i = 0; i < 4; i++)
		if (!clients[i].attached)
			attach_again(i);
	for (int i = 0; i < 16; i++) {
		char name[8];

		snprintf(name, sizeof(name), "c%d", i);
		if (i < 8)
			want(name);
		else
			reconcile_unwant(&r, name, now);
	}
	for (int t = 0; t < 8000; t++) {
		said[0] = '\0';
		now += SECOND;
		reconcile_run(&r, now);
		for (int i = 0; i < CLIENTS; i++)
			confirm_all(i);
	}
}

START_TEST(test_whatever_happens_in_the_end_all_is_joined_twice)
{
	struct channel *ch;
	struct seat *seat;

	teardown();
	open_with(6, 8);
	ids[0].account = "ann";
	ids[1].account = "bob";
	srand(1);
	for (int i = 0; i < 40000; i++) {
		random_event();
		detach_left();
		said[0] = '\0';
		now += rand() % 50;
		reconcile_run(&r, now);
		detach_left();
		check_all();
	}
	settle();
	check_all();
	ck_assert_uint_eq(r.channels.n, 8);
	TAILQ_FOREACH(ch, &r.channels.all, all)
	{
		TAILQ_FOREACH(seat, &ch->seats, same)
		{
			ck_assert_int_eq(seat->state, SEAT_JOINED);
		}
	}
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
	tcase_add_test(tc,
	    test_whatever_happens_in_the_end_all_is_joined_twice);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
