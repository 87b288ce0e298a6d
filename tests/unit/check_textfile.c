/* textfile, history: metrics files, and a rate from the reader's counter. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../ctl/history.h"
#include "clock.h"

static const struct good {
	const char *line, *name;
	double value;
} good[] = {
    {"a 1", "a", 1},
    {"a:b_c9 -1.5e3", "a:b_c9", -1500},
    {"a{} 1", "a", 1},
    {"a{b=\"c\"} 1", "a", 1},
    {"a{b=\"} \\\" 2\"} 1", "a", 1},
    {"a 1 1795232611388", "a", 1},
};

START_TEST(test_sample)
{
	struct sample s;

	ck_assert(sample_parse(&s, slice_of(good[_i].line)));
	ck_assert(slice_eq(s.name, slice_of(good[_i].name)));
	ck_assert(s.value >= good[_i].value && s.value <= good[_i].value);
}
END_TEST

#define LITERAL(s) {s, sizeof(s) - 1}

static const struct slice bad[] = {
    LITERAL(""),
    LITERAL("a"),
    LITERAL("a "),
    LITERAL("a x"),
    LITERAL("a 1x"),
    LITERAL("a 1 2 3"),
    LITERAL("a 1\r"),
    LITERAL("a\t1"),
    LITERAL("9a 1"),
    LITERAL("# a 1"),
    LITERAL("a{ 1"),
    LITERAL("a{b=\"} 1"),
    LITERAL("a{b=\"\\"),
    LITERAL("a{b=\"c\"}1"),
    LITERAL("a\0 1"),
    LITERAL("a 1\0"),
    LITERAL("<b> 1"),
};

START_TEST(test_no_sample)
{
	struct sample s;

	ck_assert(!sample_parse(&s, bad[_i]));
}
END_TEST

START_TEST(test_sum)
{
	char text[] =
	    "# TYPE a_up gauge\na_up{x=\"1\"} 1\nb 9\na_up{x=\"2\"} 2";
	struct textfile file = {.text = text, .len = sizeof(text) - 1};
	double sum;

	ck_assert(textfile_sum(&file, "a_up", &sum) && (int)sum == 3);
	ck_assert(textfile_sum(&file, "_up", &sum) && (int)sum == 3);
	ck_assert(!textfile_sum(&file, "up", &sum) && (int)sum == 0);
	ck_assert(!textfile_sum(&file, "a", &sum));
}
END_TEST

/* The reader's counter stands at `lines` since `written`; look at it. */
static int
rate_after(struct history *h, long lines, int64_t written)
{
	char text[64];
	struct textfile file = {.name = text, .text = text, .written = written};
	struct textfiles files = {&file, 1};

	file.len = (size_t)snprintf(text, sizeof(text),
	    "ws_reader_lines_total %ld\n", lines);
	history_sample(h, &files);
	return (int)history_rate(h, 0);
}

START_TEST(test_rate)
{
	struct history h = {0};

	clock_hold(1000000, 0);
	ck_assert_int_eq(rate_after(&h, 5000, 999500), 0);
	ck_assert_int_eq(rate_after(&h, 5100, 1000500), 100);
	/* not written since: still that */
	ck_assert_int_eq(rate_after(&h, 5100, 1000500), 100);
	/* two at once, written in twice the time */
	ck_assert_int_eq(rate_after(&h, 5300, 1002500), 100);
	/* the reader was started again */
	ck_assert_int_eq(rate_after(&h, 50, 1003500), 50);
	clock_turn(60000);
	ck_assert_int_eq(rate_after(&h, 50, 1003500), 0);
	ck_assert_int_eq((int)h.n, 6);
	ck_assert_int_eq((int)history_now(&h), (100 + 100 + 100 + 50) / 5);
	clock_release();
}
END_TEST

START_TEST(test_ring)
{
	struct history h = {0};
	struct textfiles none = {0};

	clock_hold(1000000, 0);
	for (int i = 0; i <= HISTORY_SECONDS; i++)
		rate_after(&h, i * i, 1000000 + i * 1000);
	ck_assert_int_eq((int)h.n, HISTORY_SECONDS);
	ck_assert_int_eq((int)history_rate(&h, HISTORY_SECONDS - 1),
	    1); /* 1 - 0 */
	ck_assert_int_eq((int)history_rate(&h, 0), 2 * HISTORY_SECONDS - 1);
	history_sample(&h, &none);
	ck_assert_int_eq((int)history_rate(&h, 0), 0);
	clock_release();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("textfile");
	TCase *tc = tcase_create("textfile");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_sample, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_no_sample, 0,
	    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_sum);
	tcase_add_test(tc, test_rate);
	tcase_add_test(tc, test_ring);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
