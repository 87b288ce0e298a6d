/* spool: what comes in goes out, whatever happened in between. */

#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "spool.h"

static void
feed(const char *text)
{
	size_t n = strlen(text);

	ck_assert_int_eq(write(input[1], text, n), (ssize_t)n);
	ck_assert_int_eq(spool_take(&sp, input[0]), SPOOL_TAKEN);
}

/* What is read now must be this. */
static void
gives(const char *want)
{
	char got[4096];
	size_t len = 0;
	ssize_t n;

	while ((n = spool_read(&sp, got + len, sizeof(got) - len - 1)) > 0)
		len += (size_t)n;
	ck_assert_int_eq(n, 0);
	got[len] = '\0';
	ck_assert_str_eq(got, want);
}

/* A line of 100 bytes, its number first. */
static void
feed_lines(int from, int to)
{
	char line[128];

	for (int i = from; i < to; i++) {
		snprintf(line, sizeof(line), "%-99d\n", i);
		feed(line);
	}
}

START_TEST(test_in_and_out)
{
	feed("one\ntw");
	gives("one\ntw");
	feed("o\n");
	gives("o\n");
	gives("");
	ck_assert_uint_eq(spool_bytes(&sp), 8);
	spool_seek(&sp, 4);
	gives("two\n");
}
END_TEST

START_TEST(test_segments_are_plain)
{
	char *text;
	size_t len;

	feed("one\ntwo\n");
	text = atomic_read(file("00000000000000000000.ndjson"), 100, &len);
	ck_assert_str_eq(text, "one\ntwo\n");
	free(text);
}
END_TEST

START_TEST(test_a_last_line_gets_its_end)
{
	feed("one");
	close(input[1]);
	ck_assert_int_eq(spool_take(&sp, input[0]), SPOOL_END);
	gives("one\n");
}
END_TEST

START_TEST(test_the_next_process_goes_on)
{
	feed("one\ntwo\nthree\n");
	spool_settle(&sp, 4);
	leave();
	open_spool();
	gives("two\nthree\n");
	spool_settle(&sp, 14);
	spool_close(&sp);
	open_spool();
	gives("");
	ck_assert_uint_eq(spool_bytes(&sp), 0);
	feed("four\n");
	gives("four\n");
}
END_TEST

START_TEST(test_a_torn_tail_is_cut)
{
	feed("one\ntwo\nthr");
	leave();
	ck_assert_int_eq(pipe(input), 0);
	open_spool();
	feed("four\n");
	gives("one\ntwo\nfour\n");
}
END_TEST

/* The rest of the line is still in there. */
START_TEST(test_the_same_pipe_goes_on_in_mid_line)
{
	feed("one\ntwo\nthr");
	leave();
	open_spool();
	feed("ee\n");
	gives("one\ntwo\nthree\n");
}
END_TEST

/* A file is read by way of memory, where the rest may have been. */
START_TEST(test_from_a_file)
{
	int fd;

	write_file("../check_spool.in", "one\ntwo");
	fd = open(file("../check_spool.in"), O_RDONLY);
	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_TAKEN);
	gives("one\ntwo");
	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_END);
	gives("\n");
	unlink(file("../check_spool.in"));
	close(fd);
}
END_TEST

START_TEST(test_a_stop_ends_the_line)
{
	feed("one\ntw");
	ck_assert_int_eq(write(input[1], "o\nthree\n", 8), 8);
	spool_finish(&sp, input[0]);
	gives("one\ntwo\n");
	spool_finish(&sp, input[0]);
	gives("");
}
END_TEST

START_TEST(test_segments_end_with_lines)
{
	char last;
	int fd;

	feed_lines(0, 2000);
	/* Half a line, when it is time for another segment. */
	while (sp.end - sp.segments.starts[1] + 100 < sp.segment_max)
		feed_lines(0, 1);
	feed("half a line, and longer than what is left of the segment's "
	     "room, so that it is over it by a few bytes now");
	ck_assert_int_eq(write(input[1], " more\nnext\n", 11), 11);
	ck_assert_int_eq(spool_take(&sp, input[0]), SPOOL_TAKEN);
	ck_assert_int_ge((int)sp.segments.count, 3);
	for (int i = 0; i + 1 < (int)sp.segments.count; i++) {
		fd = segments_open_one(&sp.segments, (size_t)i, O_RDONLY);
		ck_assert_int_ge(lseek(fd, -1, SEEK_END), 0);
		ck_assert_int_eq(read(fd, &last, 1), 1);
		ck_assert_int_eq(last, '\n');
		close(fd);
	}
}
END_TEST

START_TEST(test_a_line_without_end_is_bounded_too)
{
	while (sp.end < 5 * sp.segment_max) {
		feed("endless endless endless endless endless");
		sp.read = sp.end;
		spool_settle(&sp, sp.end);
		ck_assert(!spool_full(&sp));
	}
	ck_assert_int_le((int)sp.segments.count, 2);
}
END_TEST

START_TEST(test_full_until_a_segment_is_settled)
{
	int lines = 0;

	for (; !spool_full(&sp); lines++)
		feed_lines(lines, lines + 1);
	ck_assert_int_ge(lines, SPOOL_MAX_MIN / 100);
	ck_assert_int_le(lines, SPOOL_MAX_MIN / 100 + 10);
	spool_settle(&sp, 100);
	ck_assert(spool_full(&sp));
	spool_settle(&sp, sp.segment_max + 100);
	ck_assert(!spool_full(&sp));
	ck_assert_int_eq(access(file("00000000000000000000.ndjson"), F_OK), -1);
	spool_close(&sp);
	open_spool();
	ck_assert_uint_eq(spool_bytes(&sp),
	    (uint64_t)lines * 100 - (uint64_t)SPOOL_MAX_MIN / 8 - 100);
}
END_TEST

/* A power cut took the end of a segment that was not the last. */
START_TEST(test_a_hole)
{
	char block[4096];
	size_t len = 0;
	ssize_t n;

	feed_lines(0, 3000);
	ck_assert_int_ge((int)sp.segments.count, 3);
	leave();
	ck_assert_int_eq(truncate(file("00000000000000000000.ndjson"), 150), 0);
	open_spool();
	ck_assert_uint_eq(sp.end, 300000);
	spool_seek(&sp, 0);
	while ((n = spool_read(&sp, block, sizeof(block))) > 0)
		len += (size_t)n;
	ck_assert_uint_eq(len, 100 + 300000 - sp.segments.starts[1]);
}
END_TEST

START_TEST(test_what_was_sent_and_is_not_there)
{
	feed("one\ntwo\n");
	spool_settle(&sp, 8);
	leave();
	ck_assert_int_eq(truncate(file("00000000000000000000.ndjson"), 4), 0);
	open_spool();
	feed("three\n");
	gives("three\n");
	ck_assert_uint_eq(sp.end, 14);
}
END_TEST

START_TEST(test_a_damaged_cursor_sends_again)
{
	feed("one\ntwo\n");
	spool_settle(&sp, 4);
	leave();
	write_file("cursor", "0000000000000000xxxx\n");
	open_spool();
	gives("one\ntwo\n");
}
END_TEST

START_TEST(test_an_input_that_cannot_be_read)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_UNREADABLE);
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("spool");
	TCase *tc = tcase_create("spool");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_in_and_out);
	tcase_add_test(tc, test_segments_are_plain);
	tcase_add_test(tc, test_a_last_line_gets_its_end);
	tcase_add_test(tc, test_the_next_process_goes_on);
	tcase_add_test(tc, test_a_torn_tail_is_cut);
	tcase_add_test(tc, test_the_same_pipe_goes_on_in_mid_line);
	tcase_add_test(tc, test_from_a_file);
	tcase_add_test(tc, test_a_stop_ends_the_line);
	tcase_add_test(tc, test_segments_end_with_lines);
	tcase_add_test(tc, test_a_line_without_end_is_bounded_too);
	tcase_add_test(tc, test_full_until_a_segment_is_settled);
	tcase_add_test(tc, test_a_hole);
	tcase_add_test(tc, test_what_was_sent_and_is_not_there);
	tcase_add_test(tc, test_a_damaged_cursor_sends_again);
	tcase_add_test(tc, test_an_input_that_cannot_be_read);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
