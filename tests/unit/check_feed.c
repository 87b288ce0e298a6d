/* feed and output: whole records, in order, or a gap that says what is not. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../collector/feed.h"
#include "../../collector/lines.h"

enum { SIZE = 2 * 1024 * 1024 };

static struct output out;
static struct feed feed;
static int fds[2];
static char *text; /* what came out */
static size_t len;

static void
setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	ck_assert_int_eq(output_open(&out, fds[1], SIZE), 0);
	feed_open(&feed, &out);
	feed.now = 0;
	text = calloc(1, 32 * SIZE);
	ck_assert_ptr_nonnull(text);
	len = 0;
	/* A gap is logged, too; that is not what is tested here. */
	close(STDERR_FILENO);
}

static void
teardown(void)
{
	output_close(&out);
	close(fds[0]);
	close(fds[1]);
	free(text);
}

/* Write and read until all is through. */
static void
pass_on(void)
{
	ssize_t n;

	do {
		ck_assert_int_eq(output_flush(&out), 0);
		while ((n = read(fds[0], text + len, SIZE)) > 0)
			len += (size_t)n;
	} while (out.len > 0);
	text[len] = '\0';
	feed_flushed(&feed);
}

START_TEST(test_records)
{
	feed.now = 7;
	feed_connected(&feed, 0, NULL);
	feed_connected(&feed, 1, "ann");
	feed_joined(&feed, 0, "chess", "71");
	feed_joined(&feed, 0, "xqc", "");
	feed_line(&feed, 2, SLICE("a \"b\" \\ \x01 \xff"), NULL);
	feed_parted(&feed, 0, "chess", NULL);
	feed_refused(&feed, 0, "xqc", "tos_ban");
	feed_disconnected(&feed, 0, "no data");
	feed_reconnecting(&feed, 0, 250, "no data");
	pass_on();
	ck_assert_str_eq(text,
	    "{\"ts\":7,\"conn\":0,\"event\":\"connected\"}\n"
	    "{\"ts\":7,\"conn\":1,\"event\":\"connected\","
	    "\"account\":\"ann\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"joined\",\"channel\":\"chess\","
	    "\"channel_id\":\"71\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"joined\",\"channel\":\"xqc\"}\n"
	    "{\"ts\":7,\"conn\":2,\"line\":\"a \\\"b\\\" \\\\ \\u0001 "
	    "\xef\xbf\xbd\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"parted\",\"channel\":\"chess\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"refused\",\"channel\":\"xqc\","
	    "\"reason\":\"tos_ban\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"disconnected\","
	    "\"reason\":\"no data\"}\n"
	    "{\"ts\":7,\"conn\":0,\"event\":\"reconnecting\",\"delay\":250,"
	    "\"reason\":\"no data\"}\n");
}
END_TEST

START_TEST(test_the_ring_goes_round_without_a_seam)
{
	static char line[5000];
	size_t expected = 0;

	for (int i = 0; i < 2000; i++) {
		size_t n = (size_t)(i * 7) % sizeof(line);

		memset(line, 'a' + i % 26, n);
		feed_line(&feed, 0, (struct slice){line, n}, NULL);
		expected += sizeof("{\"ts\":0,\"conn\":0,\"line\":\"\"}");
		expected += n;
		/* Leave something over, so that it does not begin anew. */
		if (i % 50 == 0)
			output_flush(&out);
		if (i % 50 == 25) {
			ssize_t got = read(fds[0], text + len, SIZE / 8);

			ck_assert_int_gt(got, 0);
			len += (size_t)got;
		}
	}
	pass_on();
	ck_assert_uint_eq(feed.dropped, 0);
	ck_assert_uint_eq(len, expected);
	for (char *p = text, *end; *p != '\0'; p = end + 1) {
		end = strchr(p, '\n');
		ck_assert_ptr_nonnull(end);
		ck_assert_int_eq(p[0], '{');
		ck_assert_int_eq(end[-1], '}');
	}
}
END_TEST

START_TEST(test_what_has_no_room_is_counted_in_a_gap)
{
	static char line[1000];
	unsigned lines = 0;
	const char *gap;

	memset(line, 'x', sizeof(line));
	for (int i = 0; i < 10000; i++) {
		feed.now = 100 + i;
		feed_line(&feed, 0, (struct slice){line, sizeof(line)}, NULL);
		if (i % 100 == 0)
			feed_joined(&feed, 0, "chess", "71");
	}
	pass_on();
	pass_on();
	ck_assert_uint_gt(feed.dropped, 0);
	ck_assert_uint_eq(feed.dropped + feed.lines, 10000);
	for (const char *p = text; (p = strstr(p, "\"line\"")) != NULL; p++)
		lines++;
	ck_assert_uint_eq(lines, feed.lines);
	lines = 0;
	for (const char *p = text; (p = strstr(p, "joined")) != NULL; p++)
		lines++;
	ck_assert_uint_eq(lines, 100);
	gap = strstr(text, "\"event\":\"gap\"");
	ck_assert_ptr_nonnull(gap);
	ck_assert_ptr_null(strstr(gap + 1, "\"event\":\"gap\""));
	gap = strstr(gap, "\"lines\":");
	ck_assert_uint_eq(strtoul(gap + 8, NULL, 10), feed.dropped);
}
END_TEST

START_TEST(test_nobody_reads)
{
	feed_connected(&feed, 0, NULL);
	close(fds[0]);
	ck_assert_int_eq(output_flush(&out), -1);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

START_TEST(test_the_flags_come_back)
{
	ck_assert_int_ne(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
	output_close(&out);
	ck_assert_int_eq(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(output_open(&out, fds[1], SIZE), 0);
}
END_TEST

/* Read nothing while more than half waits: what is read then has room. */
START_TEST(test_what_fits_is_not_left_out)
{
	size_t most = feed_fits(SIZE / 2);
	char *begun = malloc(LINES_MAX);

	ck_assert_uint_gt(most, 4096);
	feed.now = INT64_MAX;
	while (output_flush(&out) == 0 && out.len == 0) /* the pipe */
		feed_line(&feed, UINT_MAX, SLICE("ab"), NULL);
	while (out.len < SIZE / 2)
		feed_line(&feed, UINT_MAX, SLICE("ab"), NULL);
	memset(begun, 1, LINES_MAX);
	feed_line(&feed, UINT_MAX, (struct slice){begun, LINES_MAX}, NULL);
	for (size_t i = 0; i < most / 2; i++)
		feed_line(&feed, UINT_MAX, SLICE("\x01"), NULL);
	ck_assert_uint_eq(feed.dropped, 0);
	free(begun);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("feed");
	TCase *tc = tcase_create("feed");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_records);
	tcase_add_test(tc, test_the_ring_goes_round_without_a_seam);
	tcase_add_test(tc, test_what_has_no_room_is_counted_in_a_gap);
	tcase_add_test(tc, test_what_fits_is_not_left_out);
	tcase_add_test(tc, test_nobody_reads);
	tcase_add_test(tc, test_the_flags_come_back);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
