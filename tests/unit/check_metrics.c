/* metrics: the file, when it is written, and when it cannot be. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "clock.h"
#include "metrics.h"

static char dir[] = "/tmp/check_metrics.XXXXXX";
static struct metrics m;

static void
make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	setenv("TWITCH_RUN_DIR", dir, 1);
	clock_hold(0, 0);
}

static void
remove_dir(void)
{
	char command[sizeof(dir) + 16];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void
file_is(const char *path, const char *text)
{
	size_t len;
	char *bytes = atomic_read(path, METRICS_MAX, &len);

	ck_assert_ptr_nonnull(bytes);
	ck_assert_str_eq(bytes, text);
	free(bytes);
}

START_TEST(test_text_format)
{
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	metrics_family(&m, "lines_total", "counter", "Lines.");
	metrics_value(&m, NULL, 9007199254740992.);
	metrics_family(&m, "connections", "gauge", "Connections.");
	metrics_value(&m, "state=\"open\"", 2);
	metrics_value(&m, "state=\"shut\"", 0);
	metrics_family(&m, "seconds", "histogram", "Time.");
	metrics_part(&m, "_bucket", "le=\"0.5\"", 1);
	metrics_part(&m, "_bucket", "le=\"+Inf\"", 3);
	metrics_part(&m, "_sum", NULL, 2.5);
	metrics_part(&m, "_count", NULL, 3);
	metrics_write(&m);
	file_is("metrics/prog.prom",
	    "# HELP lines_total Lines.\n"
	    "# TYPE lines_total counter\n"
	    "lines_total 9007199254740992\n"
	    "# HELP connections Connections.\n"
	    "# TYPE connections gauge\n"
	    "connections{state=\"open\"} 2\n"
	    "connections{state=\"shut\"} 0\n"
	    "# HELP seconds Time.\n"
	    "# TYPE seconds histogram\n"
	    "seconds_bucket{le=\"0.5\"} 1\n"
	    "seconds_bucket{le=\"+Inf\"} 3\n"
	    "seconds_sum 2.5\n"
	    "seconds_count 3\n");
	metrics_close(&m);
}
END_TEST

static void
say(double v)
{
	metrics_family(&m, "a", "gauge", "A.");
	metrics_value(&m, NULL, v);
}

START_TEST(test_a_twin_has_a_file_and_a_label)
{
	setenv("TWITCH_TWIN", "2", 1);
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	unsetenv("TWITCH_TWIN");
	say(1);
	metrics_value(&m, "state=\"open\"", 2);
	metrics_close(&m);
	file_is("metrics/prog-2.prom",
	    "# HELP a A.\n# TYPE a gauge\na{twin=\"2\"} 1\n"
	    "a{twin=\"2\",state=\"open\"} 2\n");
}
END_TEST

START_TEST(test_a_twin_is_a_number)
{
	setenv("TWITCH_TWIN", "../x", 1);
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	unsetenv("TWITCH_TWIN");
	say(1);
	metrics_close(&m);
	file_is("metrics/prog.prom", "# HELP a A.\n# TYPE a gauge\na 1\n");
}
END_TEST

START_TEST(test_the_file_is_replaced_and_stays)
{
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	say(1);
	metrics_write(&m);
	say(2);
	metrics_write(&m);
	file_is("metrics/prog.prom", "# HELP a A.\n# TYPE a gauge\na 2\n");
	say(3);
	metrics_close(&m);
	file_is("metrics/prog.prom", "# HELP a A.\n# TYPE a gauge\na 3\n");
}
END_TEST

START_TEST(test_once_a_second)
{
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	ck_assert(metrics_due(&m));
	ck_assert_int_eq(metrics_wait(&m), 0);
	metrics_write(&m);
	ck_assert(!metrics_due(&m));
	ck_assert_int_eq(metrics_wait(&m), 1000);
	clock_turn(999);
	ck_assert(!metrics_due(&m));
	ck_assert_int_eq(metrics_wait(&m), 1);
	clock_turn(1);
	ck_assert(metrics_due(&m));
	clock_turn(5000);
	ck_assert_int_eq(metrics_wait(&m), 0);
	metrics_close(&m);
}
END_TEST

START_TEST(test_no_run_directory)
{
	static const char *const names[] = {"TWITCH_RUN_DIR",
	    "TWITCH_STATE_DIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "HOME"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	ck_assert_int_eq(seteuid(getuid()), 0);
	ck_assert(!metrics_due(&m));
	ck_assert_int_eq(metrics_wait(&m), METRICS_PERIOD);
	say(1);
	metrics_write(&m);
	metrics_close(&m);
}
END_TEST

START_TEST(test_a_file_where_the_folder_should_be)
{
	ck_assert_int_eq(close(open("metrics", O_CREAT | O_WRONLY, 0600)), 0);
	ck_assert_int_eq(metrics_open(&m, "prog"), -1);
	ck_assert_int_eq(errno, ENOTDIR);
}
END_TEST

/* How many bytes standard error was given. */
static off_t
heard(int fd)
{
	return lseek(fd, 0, SEEK_END);
}

START_TEST(test_a_failure_is_warned_about_once)
{
	int fd = open("said", O_CREAT | O_RDWR | O_APPEND, 0600);
	off_t once;

	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	ck_assert_int_eq(rmdir("metrics"), 0);
	metrics_write(&m);
	once = heard(fd);
	ck_assert_int_gt(once, 0);
	clock_turn(METRICS_PERIOD);
	metrics_write(&m);
	ck_assert_int_eq(heard(fd), once);

	ck_assert_int_eq(mkdir("metrics", 0700), 0);
	say(1);
	metrics_write(&m);
	ck_assert_int_eq(heard(fd), once);
	file_is("metrics/prog.prom", "# HELP a A.\n# TYPE a gauge\na 1\n");

	ck_assert_int_eq(unlink("metrics/prog.prom"), 0);
	ck_assert_int_eq(rmdir("metrics"), 0);
	metrics_write(&m);
	ck_assert_int_eq(heard(fd), 2 * once);
	metrics_close(&m);
}
END_TEST

/* What does not fit is left out, and no line is cut. */
START_TEST(test_too_much)
{
	size_t len;
	char *bytes;

	ck_assert_int_eq(metrics_open(&m, "prog"), 0);
	metrics_family(&m, "a", "gauge", "A.");
	for (int i = 0; i < 20000; i++)
		metrics_value(&m, NULL, 1234567);
	metrics_write(&m);
	bytes = atomic_read("metrics/prog.prom", METRICS_MAX, &len);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_gt(len, METRICS_MAX - 20);
	ck_assert_str_eq(bytes + len - 11, "\na 1234567\n");
	free(bytes);
	metrics_close(&m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("metrics");
	TCase *tc = tcase_create("metrics");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_test(tc, test_text_format);
	tcase_add_test(tc, test_a_twin_has_a_file_and_a_label);
	tcase_add_test(tc, test_a_twin_is_a_number);
	tcase_add_test(tc, test_the_file_is_replaced_and_stays);
	tcase_add_test(tc, test_once_a_second);
	tcase_add_test(tc, test_no_run_directory);
	tcase_add_test(tc, test_a_file_where_the_folder_should_be);
	tcase_add_test(tc, test_a_failure_is_warned_about_once);
	tcase_add_test(tc, test_too_much);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
