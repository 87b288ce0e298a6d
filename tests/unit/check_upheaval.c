/* reconcile: a long run of anything, with two accounts on both sides, and
   replacements. */

#include "reconciler.h"

static void
setup_two(void)
{
	redundancy = 2;
	setup();
}

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
	char name[16];
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
		char name[16];

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
	Suite *s = suite_create("upheaval");
	TCase *tc = tcase_create("upheaval");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup_two, teardown);
	tcase_add_test(tc,
	    test_whatever_happens_in_the_end_all_is_joined_twice);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
