/* control: lines from the FIFO. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../collector/control.h"
#include "clock.h"

static struct control c;
static char did[64 * 1024]; /* "+joined " and "-parted " */

static void
note(char sign, const char *name)
{
	size_t n = strlen(did);

	did[n] = sign;
	strcpy(did + n + 1, name);
	strcat(did, " ");
}

static void
on_join(void *arg, const char *name)
{
	(void)arg;
	note('+', name);
}

static void
on_part(void *arg, const char *name)
{
	(void)arg;
	note('-', name);
}

static void
on_set(void *arg, const struct name *names, size_t n)
{
	(void)arg;
	strcat(did, "{ ");
	for (size_t i = 0; i < n; i++)
		note('=', names[i].text);
	strcat(did, "} ");
}

static bool
on_reconnect(void *arg, int64_t conn)
{
	(void)arg;
	strcat(did, conn == -1 ? "all " : "one ");
	return conn < 3;
}

static void
setup(void)
{
	static const struct control_hooks hooks = {.join = on_join,
	    .part = on_part,
	    .set = on_set,
	    .reconnect = on_reconnect};

	/* What is refused is logged; that is not what is tested here. */
	close(STDERR_FILENO);
	c = (struct control){.hooks = &hooks};
	did[0] = '\0';
}

static void
feed(const char *text)
{
	control_feed(&c, slice_of(text));
}

START_TEST(test_names_are_joined_and_parted)
{
	feed("join chess #XQC\npart chess\n");
	ck_assert_str_eq(did, "+chess +xqc -chess ");
	ck_assert_uint_eq(c.refused, 0);
}
END_TEST

START_TEST(test_a_bad_name_does_not_spoil_the_line)
{
	feed("join a ##b c,d e\re f-g abcdefghijklmnopqrstuvwxyz h\n");
	ck_assert_str_eq(did, "+a +h ");
	ck_assert_uint_eq(c.refused, 5);
}
END_TEST

START_TEST(test_half_a_line_does_not_spoil_a_later_one)
{
	clock_hold(0, 0);
	feed("join che");
	clock_turn(CONTROL_HALF - 1);
	feed("ss x");
	clock_turn(CONTROL_HALF - 1);
	feed("qc\njoin fors");
	clock_turn(CONTROL_HALF);
	feed("part chess\n");
	clock_release();
	ck_assert_str_eq(did, "+chess +xqc -chess ");
	ck_assert_uint_eq(c.refused, 1);
}
END_TEST

START_TEST(test_lines_come_in_any_pieces)
{
	const char *text = "join a\n\n  join  b \npart a\n";

	for (; *text != '\0'; text++)
		control_feed(&c, (struct slice){text, 1});
	ck_assert_str_eq(did, "+a +b -a ");
}
END_TEST

START_TEST(test_unknown_commands_change_nothing)
{
	feed("jion a\nJOIN a\nquit\n\x01\xff\n");
	ck_assert_str_eq(did, "");
	ck_assert_uint_eq(c.refused, 4);
}
END_TEST

START_TEST(test_a_line_too_long_is_refused_whole)
{
	static char line[PIPE_BUF + 1];

	memset(line, 'a', sizeof(line) - 1);
	memcpy(line, "join b ", 7);
	feed(line);
	feed(" c\njoin d\n");
	ck_assert_str_eq(did, "+d ");
	ck_assert_uint_eq(c.refused, 1);
}
END_TEST

START_TEST(test_the_longest_line_is_taken)
{
	static char line[PIPE_BUF + 1];

	memset(line, ' ', sizeof(line) - 1);
	memcpy(line, "join b", 6);
	line[PIPE_BUF - 2] = 'c';
	line[PIPE_BUF - 1] = '\n';
	feed(line);
	ck_assert_str_eq(did, "+b +c ");
}
END_TEST

START_TEST(test_a_set_comes_in_lines)
{
	feed("set-begin 1\nset-add 1 a #B\nset-add 1 c\n");
	ck_assert_str_eq(did, "");
	feed("set-commit 1\n");
	ck_assert_str_eq(did, "{ =a =b =c } ");
	feed("set-commit 1\n");
	ck_assert_uint_eq(c.refused, 1);
	sets_close(&c.sets);
}
END_TEST

START_TEST(test_two_writers_of_sets_do_not_mix)
{
	feed("set-begin x\nset-begin y\nset-add x a\nset-add y b\n");
	feed("join z\nset-commit y\nset-add x c\nset-commit x\n");
	ck_assert_str_eq(did, "+z { =b } { =a =c } ");
	sets_close(&c.sets);
}
END_TEST

START_TEST(test_a_set_too_large_is_forgotten_whole)
{
	feed("set-begin x\n");
	for (int i = 0; i < CHANNEL_SET_MAX / 1000; i++) {
		feed("set-add x");
		for (int j = 0; j < 1000; j++)
			feed(" a");
		feed("\n");
	}
	ck_assert_uint_eq(c.refused, 0);
	feed("set-add x one more\nset-commit x\n");
	ck_assert_str_eq(did, "");
	ck_assert_uint_eq(c.refused, 2);
}
END_TEST

START_TEST(test_a_writer_that_dies_leaves_nothing)
{
	clock_hold(0, 1000);
	feed("set-begin dead\nset-add dead a\n");
	clock_turn(SETS_TIMEOUT);
	feed("set-add dead b\nset-commit dead\n");
	ck_assert_str_eq(did, "");
	ck_assert_uint_eq(c.refused, 2);
	feed("set-begin dead\nset-commit dead\n");
	ck_assert_str_eq(did, "{ } ");
	sets_close(&c.sets);
	clock_release();
}
END_TEST

START_TEST(test_the_oldest_of_too_many_sets_goes)
{
	char line[32];

	clock_hold(0, 1000);
	for (int i = 0; i <= SETS_MAX; i++) {
		snprintf(line, sizeof(line), "set-begin %d\n", i);
		feed(line);
		clock_turn(1);
	}
	feed("set-commit 0\nset-commit 1\nset-commit 8\n");
	ck_assert_str_eq(did, "{ } { } ");
	ck_assert_uint_eq(c.refused, 1);
	sets_close(&c.sets);
	clock_release();
}
END_TEST

START_TEST(test_bad_sets_are_refused)
{
	feed("set-begin\nset-begin a/b\nset-begin "
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nset-add 9 a\nset-commit\n");
	ck_assert_str_eq(did, "");
	ck_assert_uint_eq(c.refused, 5);
	feed("set-begin 1\nset-add 1 a ,b\nset-commit 1\n");
	ck_assert_str_eq(did, "{ =a } ");
	ck_assert_uint_eq(c.refused, 6);
}
END_TEST

START_TEST(test_reconnect_takes_a_number_or_none)
{
	feed("reconnect\nreconnect 2\n");
	ck_assert_str_eq(did, "all one ");
	feed("reconnect 3\nreconnect -1\nreconnect x\n"
	     "reconnect 99999999999999999999\n");
	ck_assert_uint_eq(c.refused, 4);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("control");
	TCase *tc = tcase_create("control");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_names_are_joined_and_parted);
	tcase_add_test(tc, test_a_bad_name_does_not_spoil_the_line);
	tcase_add_test(tc, test_lines_come_in_any_pieces);
	tcase_add_test(tc, test_half_a_line_does_not_spoil_a_later_one);
	tcase_add_test(tc, test_unknown_commands_change_nothing);
	tcase_add_test(tc, test_a_line_too_long_is_refused_whole);
	tcase_add_test(tc, test_the_longest_line_is_taken);
	tcase_add_test(tc, test_a_set_comes_in_lines);
	tcase_add_test(tc, test_two_writers_of_sets_do_not_mix);
	tcase_add_test(tc, test_a_set_too_large_is_forgotten_whole);
	tcase_add_test(tc, test_a_writer_that_dies_leaves_nothing);
	tcase_add_test(tc, test_the_oldest_of_too_many_sets_goes);
	tcase_add_test(tc, test_bad_sets_are_refused);
	tcase_add_test(tc, test_reconnect_takes_a_number_or_none);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
