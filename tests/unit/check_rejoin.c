/* reconcile: parts, refusals, losses, and a long run of anything. */

#include "reconciler.h"

START_TEST(test_an_unwanted_channel_is_parted)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	roomstate(0, "chess", "71");
	reconcile_unwant(&r, "chess", now);
	after(0, "part 0 chess");
	ck_assert_uint_eq(r.phases[PHASE_PARTING], 1);
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("chess"), now);
	ck_assert_str_eq(said, "parted 0 chess -");
	ck_assert_uint_eq(r.channels.n, 0);
}
END_TEST

START_TEST(test_a_part_without_an_answer_does_not_hold_the_channel)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	roomstate(0, "chess", "71");
	reconcile_unwant(&r, "chess", now);
	after(0, "part 0 chess");
	want("chess");
	just_after(RECONCILE_ANSWER, "parted 0 chess no answer; join 0 chess");
}
END_TEST

START_TEST(test_wanted_again_before_the_part_is_sent_it_stays)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	roomstate(0, "chess", "71");
	reconcile_unwant(&r, "chess", now);
	want("chess");
	after(0, "");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
}
END_TEST

START_TEST(test_a_forced_part_is_noticed_and_tried_again)
{
	attach(0);
	want("chess");
	after(0, "join 0 chess");
	roomstate(0, "chess", "71");
	said[0] = '\0';
	reconcile_parted(&r, &clients[0], SLICE("chess"), now);
	ck_assert_str_eq(said, "parted 0 chess the server took us out");
	just_after(2 * SECOND, "join 0 chess");
}
END_TEST

START_TEST(test_a_refused_channel_is_tried_again_after_an_hour)
{
	attach(0);
	want("gone");
	after(0, "join 0 gone");
	said[0] = '\0';
	reconcile_refused(&r, &clients[0], SLICE("gone"), "tos_ban", now);
	ck_assert_str_eq(said, "refused 0 gone tos_ban");
	ck_assert_uint_eq(r.phases[PHASE_REFUSED], 1);
	just_after(RECONCILE_REFUSED, "join 0 gone");
}
END_TEST

START_TEST(test_a_lost_connection_leaves_its_channels_to_others)
{
	attach(0);
	want("a");
	want("b");
	after(0, "join 0 a,b");
	roomstate(0, "a", "1");
	detach(0);
	ck_assert_uint_eq(r.phases[PHASE_IDLE], 2);
	after(0, "");
	attach(1);
	after(0, "join 1 a,b");
	roomstate(1, "a", "1");
	/* Late words from the old one change nothing. */
	roomstate(0, "b", "2");
	ck_assert_uint_eq(r.phases[PHASE_JOINED], 1);
}
END_TEST

START_TEST(test_unwanted_while_lost_it_is_forgotten)
{
	attach(0);
	want("a");
	after(0, "join 0 a");
	reconcile_unwant(&r, "a", now);
	after(0, "part 0 a");
	detach(0);
	ck_assert_uint_eq(r.channels.n, 0);
}
END_TEST

START_TEST(test_a_busy_connection_is_asked_nothing)
{
	attach(0);
	clients[0].busy = true;
	want("chess");
	attach(1);
	after(0, "join 0 chess");
	clients[0].busy = true;
	want("xqc");
	after(0, "join 1 xqc");
}
END_TEST

START_TEST(test_a_busy_connection_is_told_its_parts_later)
{
	attach(0);
	want("a");
	want("b");
	after(0, "join 0 a,b");
	roomstate(0, "a", "1");
	clients[0].busy = true;
	reconcile_unwant(&r, "a", now);
	reconcile_unwant(&r, "b", now);
	after(RECONCILE_ANSWER, "");
	/* It was not answered yet: that is waited for anew. */
	want("b");
	clients[0].busy = false;
	reconcile_ready(&r, &clients[0]);
	after(0, "part 0 a");
	after(RECONCILE_ANSWER, "parted 0 a no answer");
	after(RECONCILE_RETRY_FIRST, "join 0 b");
}
END_TEST

/* Nothing is read for an hour: nobody is to blame, nothing is refused. */
START_TEST(test_what_waits_unread_is_no_missing_answer)
{
	attach(0);
	want_many(RECONCILE_MUTE);
	reconcile_run(&r, now);
	roomstate(0, "c0", "1");
	reconcile_unwant(&r, "c0", now);
	after(0, "part 0 c0");
	for (int i = 0; i < 3600; i++) {
		reconcile_unread(&r, now);
		after(SECOND, "");
	}
	ck_assert_uint_eq(r.counts.unanswered, 0);
	confirm_all(0);
	reconcile_parted(&r, &clients[0], SLICE("c0"), now);
	ck_assert_uint_eq(r.phases[PHASE_JOINED], RECONCILE_MUTE - 1);
	ck_assert_uint_eq(r.channels.n, RECONCILE_MUTE - 1);
}
END_TEST

START_TEST(test_a_hole_is_reported_when_it_ends)
{
	attach(0);
	want("a");
	want("b");
	after(0, "join 0 a,b");
	roomstate(0, "a", "1");
	reconcile_detach(&r, &clients[0], now + 500, now + 700, now + 700);
	attach(1);
	after(900, "join 1 a,b");
	said[0] = '\0';
	roomstate(1, "a", "1");
	/* b had not been joined: it has missed nothing. */
	roomstate(1, "b", "2");
	ck_assert_str_eq(said,
	    "joined 1 a 1; gap 0 a 500-900 disconnected; joined 1 b 2");
	said[0] = '\0';
	reconcile_parted(&r, &clients[1], SLICE("a"), now);
	after(2 * SECOND, "join 1 a");
	reconcile_refused(&r, &clients[1], SLICE("b"), "tos_ban", now);
	said[0] = '\0';
	roomstate(1, "a", "1");
	ck_assert_str_eq(said, "joined 1 a 1; gap 0 a 900-2900 parted");
}
END_TEST

START_TEST(test_the_first_of_two_losses_counts)
{
	attach(0);
	want("a");
	after(0, "join 0 a");
	roomstate(0, "a", "1");
	reconcile_detach(&r, &clients[0], now + 1, now + 2, now + 2);
	attach(0);
	after(LIMITS_WINDOW, "join 0 a");
	detach(0);
	attach(1);
	after(0, "join 1 a");
	said[0] = '\0';
	roomstate(1, "a", "1");
	ck_assert_str_eq(said, "joined 1 a 1; gap 0 a 1-11000 disconnected");
}
END_TEST

START_TEST(test_what_is_not_wanted_has_no_hole)
{
	attach(0);
	want("a");
	after(0, "join 0 a");
	roomstate(0, "a", "1");
	reconcile_unwant(&r, "a", now);
	detach(0);
	want("a");
	attach(1);
	after(0, "join 1 a");
	said[0] = '\0';
	roomstate(1, "a", "1");
	ck_assert_str_eq(said, "joined 1 a 1");
}
END_TEST

START_TEST(test_a_set_joins_and_parts_what_differs)
{
	static const struct name first[] = {{"a"}, {"b"}},
				 then[] = {{"b"}, {"c"}, {"c"}};

	attach(0);
	ck_assert(reconcile_set(&r, first, 2, now));
	after(0, "join 0 a,b");
	confirm_all(0);
	ck_assert(!reconcile_set(&r, first, 2, now));
	after(0, "");
	ck_assert(reconcile_set(&r, then, 3, now));
	after(0, "part 0 a; join 0 c");
	ck_assert(reconcile_set(&r, NULL, 0, now));
	ck_assert_uint_eq(r.desired, 0);
}
END_TEST

/* What random events leave must be what the counts say. */
static void
check_counts(void)
{
	size_t phases[PHASES] = {0}, desired = 0, held = 0;
	struct channel *ch;
	struct seat *seat;

	TAILQ_FOREACH(ch, &r.channels.all, all)
	{
		phases[ch->phase]++;
		desired += ch->desired;
		TAILQ_FOREACH(seat, &ch->seats, same)
		{
			held += seat->client != NULL;
		}
	}
	for (int i = 0; i < PHASES; i++)
		ck_assert_uint_eq(r.phases[i], phases[i]);
	ck_assert_uint_eq(r.desired, desired);
	for (int i = 0; i < CLIENTS; i++) {
		ck_assert_uint_le(clients[i].count, 5);
		ck_assert_uint_eq(ids[i].rooms, clients[i].count);
		held -= clients[i].count;
	}
	ck_assert_uint_eq(held, 0);
}

static void
random_event(void)
{
	int i = rand() % CLIENTS;
	char name[16];
	struct slice s;

	snprintf(name, sizeof(name), "c%d", rand() % 24);
	s = slice_of(name);
	switch (rand() % 10) {
	case 0:
		reconcile_unwant(&r, name, now);
		break;
	case 1:
		if (clients[i].attached)
			detach(i);
		else
			attach(i);
		break;
	case 2:
		reconcile_parted(&r, &clients[i], s, now);
		break;
	case 3:
		reconcile_refused(&r, &clients[i], s, "msg_banned", now);
		break;
	case 4:
		reconcile_names(&r, &clients[i], s, now);
		break;
	case 5:
	case 6:
		roomstate(i, name, "1");
		break;
	default:
		want(name);
	}
}

START_TEST(test_whatever_happens_in_the_end_all_is_joined)
{
	teardown();
	open_with(5, LIMITS_ROOMS);
	srand(1);
	for (int i = 0; i < 20000; i++) {
		random_event();
		said[0] = '\0';
		now += rand() % 50;
		reconcile_run(&r, now);
		check_counts();
	}
	for (int i = 0; i < CLIENTS; i++)
		if (!clients[i].attached)
			attach(i);
	for (int i = 0; i < 20; i++)
		reconcile_unwant(&r, r.channels.all.tqh_first->name, now);
	want_many(4);
	for (int t = 0; t < 4000; t++) {
		said[0] = '\0';
		now += SECOND;
		reconcile_run(&r, now);
		for (int i = 0; i < CLIENTS; i++)
			confirm_all(i);
	}
	ck_assert_uint_eq(r.phases[PHASE_JOINED], r.desired);
	ck_assert_uint_eq(r.channels.n, r.desired);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rejoin");
	TCase *tc = tcase_create("rejoin");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_an_unwanted_channel_is_parted);
	tcase_add_test(tc,
	    test_a_part_without_an_answer_does_not_hold_the_channel);
	tcase_add_test(tc, test_wanted_again_before_the_part_is_sent_it_stays);
	tcase_add_test(tc, test_a_forced_part_is_noticed_and_tried_again);
	tcase_add_test(tc, test_a_refused_channel_is_tried_again_after_an_hour);
	tcase_add_test(tc,
	    test_a_lost_connection_leaves_its_channels_to_others);
	tcase_add_test(tc, test_unwanted_while_lost_it_is_forgotten);
	tcase_add_test(tc, test_a_busy_connection_is_asked_nothing);
	tcase_add_test(tc, test_a_busy_connection_is_told_its_parts_later);
	tcase_add_test(tc, test_what_waits_unread_is_no_missing_answer);
	tcase_add_test(tc, test_a_hole_is_reported_when_it_ends);
	tcase_add_test(tc, test_the_first_of_two_losses_counts);
	tcase_add_test(tc, test_what_is_not_wanted_has_no_hole);
	tcase_add_test(tc, test_a_set_joins_and_parts_what_differs);
	tcase_add_test(tc, test_whatever_happens_in_the_end_all_is_joined);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
