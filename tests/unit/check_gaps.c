/* gaps: all that is missing is said, of its channel, once. */

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../collector/channels.h"
#include "../../collector/feed.h"

enum { SIZE = 2 * 1024 * 1024, CHANNELS = 20000 };

static struct output out;
static struct feed feed;
static struct channels channels;
static int fds[2];
static char *text; /* what came out */
static size_t len;

static void
setup(void)
{
	ck_assert_int_eq(pipe(fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	ck_assert_int_eq(output_open(&out, fds[1], SIZE), 0);
	feed_open(&feed, &out);
	feed.now = feed.passed_on = feed.mark_now = 1000;
	channels_open(&channels);
	text = calloc(1, 16 * SIZE);
	ck_assert_ptr_nonnull(text);
	len = 0;
	/* That lines are left out is logged; it is not what is tested. */
	close(STDERR_FILENO);
}

static void
teardown(void)
{
	output_close(&out);
	channels_close(&channels);
	close(fds[0]);
	close(fds[1]);
	free(text);
}

static struct channel *
channel(const char *name)
{
	struct channel *ch = channels_find(&channels, slice_of(name));

	return ch == NULL ? channels_add(&channels, name) : ch;
}

/* A line of this length at this time. */
static void
line(int64_t at, const char *name, size_t n)
{
	static char x[64 * 1024];

	feed.now = at;
	memset(x, 'x', sizeof(x));
	feed_line(&feed, 0, (struct slice){x, n},
	    name == NULL ? NULL : channel(name));
}

/* Lines until one is left out. */
static void
fill(int64_t at)
{
	while (!feed.dropping)
		line(at, NULL, 60000);
}

static void
take(void)
{
	ssize_t n;

	while ((n = read(fds[0], text + len, SIZE)) > 0)
		len += (size_t)n;
	text[len] = '\0';
}

/* Write and read until all is through. */
static void
pass_on(int64_t at)
{
	feed.now = at;
	do {
		ck_assert_int_eq(output_flush(&out), 0);
		feed_flushed(&feed);
		take();
	} while (out.len > 0);
}

/* A line at a time: what comes out is long. */
static unsigned
times(const char *what)
{
	unsigned n = 0;

	for (char *p = text, *end;
	    (end = memchr(p, '\n', (size_t)(text + len - p))) != NULL;) {
		*end = '\0';
		for (const char *q = p; (q = strstr(q, what)) != NULL; q++)
			n++;
		*end = '\n';
		p = end + 1;
	}
	return n;
}

#define has(what) ck_assert_msg(times(what) == 1, "not once: %s", what)

START_TEST(test_a_hole_is_said_at_once)
{
	feed.now = 5000;
	gaps_hole(&feed.gaps, channel("chess"), 2000, 5000, "disconnected");
	pass_on(5001);
	ck_assert_str_eq(text,
	    "{\"ts\":5000,\"event\":\"gap\",\"channel\":\"chess\","
	    "\"from\":2000,\"to\":5000,\"reason\":\"disconnected\"}\n");
}
END_TEST

START_TEST(test_what_has_no_room_is_counted_by_channel)
{
	fill(2000);
	line(3000, "a", 9);
	line(3001, "b", 9);
	line(3002, "a", 9);
	line(3003, NULL, 9);
	line(3004, "a", 9);
	pass_on(4000);
	ck_assert_uint_eq(times("\"event\":\"gap\""), 3);
	has("\"channel\":\"a\",\"from\":3000,\"to\":3004,"
	    "\"reason\":\"overflow\",\"lines\":3}");
	has("\"channel\":\"b\",\"from\":3001,\"to\":3001,"
	    "\"reason\":\"overflow\",\"lines\":1}");
	has("\"event\":\"gap\",\"from\":2000,\"to\":3003,"
	    "\"reason\":\"overflow\",\"lines\":2}");
	line(5000, "a", 9);
	pass_on(5001);
	ck_assert_uint_eq(times("\"event\":\"gap\""), 3);
}
END_TEST

START_TEST(test_gaps_of_many_channels_wait_for_room)
{
	char name[16];
	unsigned all;

	fill(2000);
	for (int i = 0; i < CHANNELS; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		line(3000, name, 9);
	}
	pass_on(4000);
	ck_assert_uint_eq(times("\"channel\":\"c"), CHANNELS);
	ck_assert(gaps_say(&feed.gaps));
	all = times("\"event\":\"gap\"");
	pass_on(5000);
	ck_assert_uint_eq(times("\"event\":\"gap\""), all);
}
END_TEST

START_TEST(test_holes_that_wait_become_one)
{
	fill(2000);
	while (output_reserve(&out, 4096) != NULL)
		feed_connected(&feed, 0, NULL);
	feed.now = 3000;
	gaps_hole(&feed.gaps, channel("a"), 2500, 3000, "disconnected");
	feed.now = 4000;
	gaps_hole(&feed.gaps, channel("a"), 3500, 4000, "parted");
	line(4500, "a", 9);
	pass_on(5000);
	has("\"channel\":\"a\",\"from\":2500,\"to\":4000,"
	    "\"reason\":\"disconnected\"}");
	has("\"channel\":\"a\",\"from\":4500,\"to\":4500,"
	    "\"reason\":\"overflow\",\"lines\":1}");
}
END_TEST

START_TEST(test_a_channel_that_goes_leaves_its_gap)
{
	fill(2000);
	line(3000, "a", 9);
	gaps_forget(&feed.gaps, channel("a"));
	channels_remove(&channels, channel("a"));
	while (output_reserve(&out, 4096) != NULL)
		feed_connected(&feed, 0, NULL);
	line(3001, "b", 9);
	line(3002, "b", 9);
	gaps_forget(&feed.gaps, channel("b"));
	channels_remove(&channels, channel("b"));
	pass_on(5000);
	has("\"channel\":\"a\",\"from\":3000,\"to\":3000,"
	    "\"reason\":\"overflow\",\"lines\":1}");
	has("\"event\":\"gap\",\"from\":2000,\"to\":3002,"
	    "\"reason\":\"overflow\",\"lines\":3}");
}
END_TEST

START_TEST(test_at_the_end_all_is_said)
{
	fill(2000);
	line(3000, "a", 9);
	feed.now = 4000;
	while (!feed_end(&feed)) {
		ck_assert_int_eq(output_flush(&out), 0);
		take();
	}
	take();
	has("\"channel\":\"a\",\"from\":3000,\"to\":3000,"
	    "\"reason\":\"overflow\",\"lines\":1}");
	ck_assert_int_eq(gaps_complete(&feed.gaps, channel("a"), 9000), 4000);
}
END_TEST

START_TEST(test_complete_is_what_has_left_the_buffer)
{
	struct channel *a = channel("a");

	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 900), 900);
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 1000);
	pass_on(2000);
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 2000);
	/* More than a pipe holds: it has not all left. */
	for (int i = 0; i < 30; i++)
		line(3000, "a", 60000);
	feed.now = 3001;
	ck_assert_int_eq(output_flush(&out), 0);
	feed_flushed(&feed);
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 2000);
	/* What was there at the mark has left, what came since has not. */
	line(3500, "a", 60000);
	pass_on(4000);
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 4000);
}
END_TEST

START_TEST(test_a_gap_that_has_not_left_counts_as_not_said)
{
	struct channel *a = channel("a");

	feed.now = 5000;
	gaps_hole(&feed.gaps, a, 500, 5000, "disconnected");
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 500);
	feed.now = 6000;
	gaps_hole(&feed.gaps, a, 5500, 6000, "disconnected");
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 500);
	pass_on(7000);
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 7000);
	gaps_hole(&feed.gaps, a, 6500, 7000, "disconnected");
	ck_assert_int_eq(gaps_complete(&feed.gaps, a, 9000), 6500);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("gaps");
	TCase *tc = tcase_create("gaps");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_hole_is_said_at_once);
	tcase_add_test(tc, test_what_has_no_room_is_counted_by_channel);
	tcase_add_test(tc, test_gaps_of_many_channels_wait_for_room);
	tcase_add_test(tc, test_holes_that_wait_become_one);
	tcase_add_test(tc, test_a_channel_that_goes_leaves_its_gap);
	tcase_add_test(tc, test_at_the_end_all_is_said);
	tcase_add_test(tc, test_complete_is_what_has_left_the_buffer);
	tcase_add_test(tc, test_a_gap_that_has_not_left_counts_as_not_said);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
