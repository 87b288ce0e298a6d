/* line, out: blocks of lines in, blocks of bytes out. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "line.h"
#include "out.h"
#include "stop.h"

static int fds[2];
static struct line_reader in;
static struct line line;

static void
begin(size_t max)
{
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(line_open(&in, fds[0], max), 0);
}

static void
say(const char *text)
{
	ck_assert_int_eq(write_all(fds[1], text, strlen(text)), 0);
}

/* The next line is this; first and last are f and l, as in "fl". */
static void
expect(const char *text, const char *ends)
{
	ck_assert(line_next(&in, &line));
	ck_assert(slice_eq(line.text, slice_of(text)));
	ck_assert_int_eq(line.first, strchr(ends, 'f') != NULL);
	ck_assert_int_eq(line.last, strchr(ends, 'l') != NULL);
}

/* Bytes that somebody else read are lines as well. */
START_TEST(test_room)
{
	begin(4);
	memcpy(line_room(&in), "one\nt", 5);
	line_add(&in, 5);
	expect("one", "fl");
	ck_assert(!line_next(&in, &line));
	memcpy(line_room(&in), "wo\nlonger\n", 10);
	line_add(&in, 10);
	expect("two", "fl");
	expect("long", "f");
	ck_assert_uint_eq(line_left(&in), 3);
	line_forget(&in);
	ck_assert_uint_eq(line_left(&in), 0);
	memcpy(line_room(&in), "else\n", 5);
	line_add(&in, 5);
	expect("else", "fl");
	ck_assert(!line_next(&in, &line));
	line_close(&in);
}
END_TEST

START_TEST(test_lines)
{
	begin(100);
	say("one\ntwo\r\n\nthr");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("one", "fl");
	expect("two\r", "fl");
	expect("", "fl");
	ck_assert(!line_next(&in, &line));
	say("ee\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("three", "fl");
	say("no end");
	close(fds[1]);
	ck_assert_int_eq(line_fill(&in), 1);
	ck_assert(!line_next(&in, &line));
	ck_assert_int_eq(line_fill(&in), 1);
	expect("no end", "fl");
	ck_assert(!line_next(&in, &line));
	ck_assert_int_eq(line_fill(&in), 0);
	line_close(&in);
}
END_TEST

START_TEST(test_pieces)
{
	begin(4);
	say("1234\n12345\n123456789\n");
	close(fds[1]);
	ck_assert_int_eq(line_fill(&in), 1);
	expect("1234", "fl");
	expect("1234", "f");
	expect("5", "l");
	expect("1234", "f");
	expect("5678", "");
	expect("9", "l");
	ck_assert(!line_next(&in, &line));
	line_close(&in);
}
END_TEST

START_TEST(test_piece_that_ends_with_the_limit)
{
	begin(4);
	say("12345678");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("1234", "f");
	ck_assert(!line_next(&in, &line));
	say("\nnext\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("5678", "l");
	expect("next", "fl");
	line_close(&in);
}
END_TEST

START_TEST(test_ascii)
{
	begin(100);
	say("one\nt\xc3\xa9\nthree\nfo");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("one", "fl");
	ck_assert(line.ascii);
	expect("t\xc3\xa9", "fl");
	ck_assert(!line.ascii);
	expect("three", "fl");
	ck_assert(line.ascii);
	ck_assert(!line_next(&in, &line));
	say("\xc3\xa9");
	ck_assert_int_eq(line_fill(&in), 1);
	ck_assert(!line_next(&in, &line));
	say("r\nfive\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("fo\xc3\xa9r", "fl");
	ck_assert(!line.ascii);
	expect("five", "fl");
	ck_assert(line.ascii);
	line_close(&in);
}
END_TEST

START_TEST(test_plain)
{
	begin(100);
	say("one\r\nt\"wo\nthr\\ee\nfo\rur\nfive\nsix\r");
	ck_assert_int_eq(line_fill(&in), 1);
	for (int i = 0; i < 5; i++) {
		ck_assert(line_next(&in, &line));
		ck_assert_int_eq(line.plain, i == 0 || i == 4);
	}
	ck_assert(!line_next(&in, &line));
	say("x\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("six\rx", "fl");
	ck_assert(!line.plain);
	line_close(&in);
}
END_TEST

START_TEST(test_slack_is_readable)
{
	volatile char sum = 0;

	begin(LINE_BLOCK);
	say("x\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("x", "fl");
	for (int i = 0; i < LINE_SLACK; i++)
		sum = (char)(sum + line.text.p[line.text.len + (size_t)i]);
	line_close(&in);
}
END_TEST

START_TEST(test_cannot_read)
{
	int fd = open("/", O_RDONLY);

	ck_assert_int_eq(line_open(&in, fd, 10), 0);
	ck_assert_int_eq(line_fill(&in), -1);
	ck_assert_int_eq(errno, EISDIR);
	line_close(&in);
	close(fd);
}
END_TEST

START_TEST(test_stop_takes_the_rest_of_a_line)
{
	char left[16] = "";

	stop_on_signals(5);
	begin(100);
	say("one\ntw");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("one", "fl");
	ck_assert(!line_next(&in, &line));
	raise(SIGTERM);
	say("o\nthree\n");
	ck_assert_int_eq(line_fill(&in), 1);
	expect("two", "fl");
	ck_assert(!line_next(&in, &line));
	ck_assert_int_eq(line_fill(&in), 0);
	ck_assert_int_eq(read(fds[0], left, sizeof(left)), 6);
	ck_assert_str_eq(left, "three\n");
	line_close(&in);
}
END_TEST

START_TEST(test_out)
{
	struct out out;
	char got[64] = "";

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(out_open(&out, fds[1], 8), 0);
	out_commit(&out, (char *)memcpy(out_reserve(&out, 5), "12345", 5) + 5);
	out_commit(&out, (char *)memcpy(out_reserve(&out, 3), "678", 3) + 3);
	ck_assert_uint_eq(out.len, 8);
	/* No room: what is there leaves first. */
	out_commit(&out, (char *)memcpy(out_reserve(&out, 1), "9", 1) + 1);
	ck_assert_uint_eq(out.len, 1);
	ck_assert_int_eq(out_close(&out), 0);
	ck_assert_int_eq(read(fds[0], got, sizeof(got)), 9);
	ck_assert_str_eq(got, "123456789");
}
END_TEST

START_TEST(test_out_fails_for_ever)
{
	struct out out;

	ck_assert_int_eq(out_open(&out, open("/dev/full", O_WRONLY), 8), 0);
	out_commit(&out, out_reserve(&out, 8) + 8);
	ck_assert_int_eq(out_flush(&out), -1);
	ck_assert_int_eq(errno, ENOSPC);
	out_commit(&out, out_reserve(&out, 8) + 8);
	errno = 0;
	ck_assert_int_eq(out_close(&out), -1);
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

START_TEST(test_out_to_a_closed_descriptor)
{
	struct out out;

	ck_assert_int_eq(pipe(fds), 0);
	close(fds[1]);
	ck_assert_int_eq(out_open(&out, fds[1], 8), 0);
	ck_assert_int_eq(out_close(&out), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("line");
	TCase *tc = tcase_create("line");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, test_lines);
	tcase_add_test(tc, test_room);
	tcase_add_test(tc, test_pieces);
	tcase_add_test(tc, test_piece_that_ends_with_the_limit);
	tcase_add_test(tc, test_ascii);
	tcase_add_test(tc, test_plain);
	tcase_add_test(tc, test_slack_is_readable);
	tcase_add_test(tc, test_cannot_read);
	tcase_add_test(tc, test_stop_takes_the_rest_of_a_line);
	tcase_add_test(tc, test_out);
	tcase_add_test(tc, test_out_fails_for_ever);
	tcase_add_test(tc, test_out_to_a_closed_descriptor);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
