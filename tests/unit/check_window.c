/* The window that lets each line through once. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../collector/window.h"

enum { LINES = 8 * 1024 };

static struct window w;

static void
setup(void)
{
	window_open(&w, LINES, 42);
}

static void
teardown(void)
{
	window_close(&w);
}

static bool
pass(const char *text)
{
	struct slice line = slice_of(text);
	struct peek peek = peek_line(line);

	return window_pass(&w, window_seek(&w, line, &peek));
}

/* The nth of many messages. */
static bool
pass_nth(unsigned n)
{
	char text[128];

	snprintf(text, sizeof(text),
	    "@id=%08x-0000-4000-8000-000000000000 :u!u@u PRIVMSG #a :x", n);
	return pass(text);
}

START_TEST(test_an_id_passes_once)
{
	ck_assert(pass("@id=1;x=y :u!u@u PRIVMSG #a :hello"));
	ck_assert(!pass("@id=1;x=y :u!u@u PRIVMSG #a :hello"));
	/* Whatever else is in the line. */
	ck_assert(!pass("@badges=;id=1 :u!u@u PRIVMSG #a :hello"));
	ck_assert(pass("@id=2;x=y :u!u@u PRIVMSG #a :hello"));
	ck_assert_uint_eq(w.again, 2);
}
END_TEST

START_TEST(test_an_id_is_of_its_channel)
{
	ck_assert(pass("@id=1 :u!u@u PRIVMSG #a :hello"));
	ck_assert(pass("@id=1 :u!u@u PRIVMSG #b :hello"));
	/* Nor do the two run into each other. */
	ck_assert(pass("@id=c1 :u!u@u PRIVMSG #ab :hello"));
	ck_assert(pass("@id=1 :u!u@u PRIVMSG #abc :hello"));
}
END_TEST

START_TEST(test_other_ids_are_none)
{
	ck_assert(pass("@source-id=1;target-msg-id=1 :s CLEARMSG #a :x"));
	ck_assert(pass("@source-id=1;target-msg-id=1 :s CLEARMSG #a :x"));
	ck_assert(pass("@id=1 :u!u@u PRIVMSG #a :;id=2"));
	ck_assert(pass("@id=2 :u!u@u PRIVMSG #a :;id=2"));
}
END_TEST

START_TEST(test_copies_of_a_shared_chat_stay)
{
	ck_assert(pass("@id=1;source-id=1 :u!u@u PRIVMSG #a :hello"));
	ck_assert(pass("@id=2;source-id=1 :u!u@u PRIVMSG #b :hello"));
}
END_TEST

START_TEST(test_without_an_id_the_line_at_its_time)
{
	ck_assert(pass("@tmi-sent-ts=1 :s CLEARCHAT #a :eve"));
	ck_assert(!pass("@tmi-sent-ts=1 :s CLEARCHAT #a :eve"));
	ck_assert(pass("@tmi-sent-ts=2 :s CLEARCHAT #a :eve"));
	ck_assert(pass("@tmi-sent-ts=1 :s CLEARCHAT #a :bob"));
	ck_assert(pass("@id=;tmi-sent-ts=1 :s CLEARCHAT #a :eve"));
	ck_assert(!pass("@id=;tmi-sent-ts=1 :s CLEARCHAT #a :eve"));
}
END_TEST

START_TEST(test_with_neither_every_line_passes)
{
	static const char *const lines[] = {"PING :tmi.twitch.tv",
	    "@room-id=1 :s ROOMSTATE #a", "@tmi-sent-ts= :s NOTICE #a :x",
	    ":u!u@u PRIVMSG #a :untagged", "@", ""};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ck_assert(pass(lines[i]));
		ck_assert(pass(lines[i]));
	}
	ck_assert_uint_eq(w.again, 0);
}
END_TEST

START_TEST(test_none_of_many_is_mistaken_for_another)
{
	for (unsigned n = 0; n < 100 * LINES; n++)
		ck_assert(pass_nth(n));
}
END_TEST

/* Of the lines that came so many lines ago, per cent of those known. */
static unsigned
known_after(unsigned distance)
{
	unsigned known = 0;

	for (unsigned n = 0; n < 10 * LINES; n++) {
		pass_nth(n);
		if (n >= distance)
			known += !pass_nth(n - distance);
	}
	return 100 * known / (10 * LINES - distance);
}

START_TEST(test_the_last_lines_are_known)
{
	ck_assert_uint_eq(known_after(LINES / 16), 100);
}
END_TEST

START_TEST(test_old_lines_are_forgotten)
{
	ck_assert_uint_eq(known_after(4 * LINES), 0);
}
END_TEST

START_TEST(test_another_key_hashes_differently)
{
	struct slice line = SLICE("@id=1 :u!u@u PRIVMSG #a :x");
	struct peek peek = peek_line(line);
	struct window other = w;

	other.key++;
	ck_assert_uint_ne(window_seek(&w, line, &peek),
	    window_seek(&other, line, &peek));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("window");
	TCase *tc = tcase_create("window");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_an_id_passes_once);
	tcase_add_test(tc, test_an_id_is_of_its_channel);
	tcase_add_test(tc, test_other_ids_are_none);
	tcase_add_test(tc, test_copies_of_a_shared_chat_stay);
	tcase_add_test(tc, test_without_an_id_the_line_at_its_time);
	tcase_add_test(tc, test_with_neither_every_line_passes);
	tcase_add_test(tc, test_none_of_many_is_mistaken_for_another);
	tcase_add_test(tc, test_the_last_lines_are_known);
	tcase_add_test(tc, test_old_lines_are_forgotten);
	tcase_add_test(tc, test_another_key_hashes_differently);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
