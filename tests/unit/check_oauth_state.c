/* oauth/state: a state is random, good once and for ten minutes. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../oauth/state.h"
#include "clock.h"

static struct states states;

static void
set_up(void)
{
	clock_hold(1000000, 1000000);
	states = (struct states){0};
}

static void
tear_down(void)
{
	clock_release();
}

START_TEST(test_good_once)
{
	char state[STATE_LEN + 1];

	ck_assert_int_eq(states_new(&states, state), 0);
	ck_assert_uint_eq(strlen(state), STATE_LEN);
	ck_assert_uint_eq(strspn(state, "0123456789abcdef"), STATE_LEN);
	ck_assert(states_take(&states, state));
	ck_assert(!states_take(&states, state));
}
END_TEST

START_TEST(test_forged)
{
	char state[STATE_LEN + 1];

	ck_assert(!states_take(&states, NULL));
	ck_assert(!states_take(&states, ""));
	ck_assert(!states_take(&states, "00000000000000000000000000000000"));
	states_new(&states, state);
	state[STATE_LEN - 1] ^= 1;
	ck_assert(!states_take(&states, state));
	state[STATE_LEN - 1] ^= 1;
	state[STATE_LEN / 2] = '\0';
	ck_assert(!states_take(&states, state));
}
END_TEST

START_TEST(test_expires)
{
	char one[STATE_LEN + 1], other[STATE_LEN + 1];

	states_new(&states, one);
	states_new(&states, other);
	clock_turn(STATE_LIFE_MS - 1);
	ck_assert(states_take(&states, one));
	clock_turn(1);
	ck_assert(!states_take(&states, other));
}
END_TEST

START_TEST(test_different)
{
	char one[STATE_LEN + 1], other[STATE_LEN + 1];

	states_new(&states, one);
	states_new(&states, other);
	ck_assert_str_ne(one, other);
	ck_assert(states_take(&states, other));
	ck_assert(states_take(&states, one));
}
END_TEST

/* One too many, and the oldest is the one that is forgotten. */
START_TEST(test_full)
{
	char state[STATE_TABLE + 1][STATE_LEN + 1];

	for (int i = 0; i <= STATE_TABLE; i++) {
		states_new(&states, state[i]);
		clock_turn(1);
	}
	ck_assert(!states_take(&states, state[0]));
	for (int i = 1; i <= STATE_TABLE; i++)
		ck_assert(states_take(&states, state[i]));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("oauth state");
	TCase *tc = tcase_create("state");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_good_once);
	tcase_add_test(tc, test_forged);
	tcase_add_test(tc, test_expires);
	tcase_add_test(tc, test_different);
	tcase_add_test(tc, test_full);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
