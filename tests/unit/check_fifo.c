/* fifo: one reader, many writers, and nobody is ever waited for. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fifo.h"

static char dir[] = "/tmp/check_fifo.XXXXXX";
static char path[PATH_MAX];
static struct fifo fifo;

static void
make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/ctl", dir);
	signal(SIGPIPE, SIG_IGN);
}

static void
remove_dir(void)
{
	fifo_close(&fifo);
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void
read_is(const char *text)
{
	char got[64];
	ssize_t n = read(fifo.fd, got, sizeof(got));

	ck_assert_int_eq(n, (ssize_t)strlen(text));
	ck_assert_mem_eq(got, text, strlen(text));
}

START_TEST(test_lines_go_through_in_order)
{
	struct stat st;

	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), 0);
	ck_assert_int_eq(fifo_send(path, SLICE("part b\n")), 0);
	read_is("join a\npart b\n");
}
END_TEST

START_TEST(test_a_writer_that_leaves_is_no_end_of_file)
{
	struct pollfd in;
	char c;

	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), 0);
	read_is("join a\n");
	in = (struct pollfd){.fd = fifo.fd, .events = POLLIN};
	ck_assert_int_eq(poll(&in, 1, 0), 0);
	ck_assert_int_eq(read(fifo.fd, &c, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

START_TEST(test_nobody_listens)
{
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), -1);
	ck_assert_int_eq(errno, ENXIO);
}
END_TEST

START_TEST(test_an_empty_text_asks_whether_somebody_listens)
{
	char c;

	ck_assert_int_eq(fifo_offer(path, SLICE("")), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(fifo_offer(path, SLICE("")), 0);
	ck_assert_int_eq(read(fifo.fd, &c, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
}
END_TEST

START_TEST(test_a_killed_readers_fifo_is_taken_over)
{
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), 0);
	read_is("join a\n");
}
END_TEST

START_TEST(test_a_closed_fifo_is_gone)
{
	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	fifo_close(&fifo);
	ck_assert_int_eq(access(path, F_OK), -1);
	fifo_close(&fifo);
	ck_assert_int_eq(fifo_open(&fifo, path), 0);
}
END_TEST

START_TEST(test_one_reader)
{
	struct fifo second;

	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(fifo_open(&second, path), -1);
	ck_assert_int_eq(errno, EBUSY);
	fifo_close(&second); /* must not remove what is the first one's */
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), 0);
	read_is("join a\n");
}
END_TEST

START_TEST(test_something_else_has_the_name)
{
	struct stat st;

	ck_assert_int_eq(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	ck_assert_int_eq(fifo_open(&fifo, path), -1);
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_int_eq(fifo_send(path, SLICE("join a\n")), -1);
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
}
END_TEST

START_TEST(test_a_link_is_not_followed)
{
	char real[PATH_MAX + 8];

	snprintf(real, sizeof(real), "%s/real", dir);
	ck_assert_int_eq(mkfifo(real, 0600), 0);
	ck_assert_int_eq(symlink(real, path), 0);
	ck_assert_int_eq(fifo_open(&fifo, path), -1);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(unlink(real), 0);
}
END_TEST

START_TEST(test_a_text_goes_whole_or_not_at_all)
{
	static char text[PIPE_BUF + 1];
	struct slice most = {text, PIPE_BUF}, more = {text, PIPE_BUF + 1};
	int fit = 0;

	memset(text, 'a', sizeof(text));
	ck_assert_int_eq(fifo_open(&fifo, path), 0);
	ck_assert_int_eq(fifo_send(path, more), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	while (fifo_offer(path, most) == 0)
		fit++;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(fifo_send(path, most), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_gt(fit, 0);
	while (fit-- > 0)
		ck_assert_int_eq(read(fifo.fd, text, PIPE_BUF), PIPE_BUF);
	ck_assert_int_eq(read(fifo.fd, text, 1), -1);
	ck_assert_int_eq(fifo_send(path, most), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("fifo");
	TCase *tc = tcase_create("fifo");
	SRunner *sr = srunner_create(s);
	int failed;

	fifo.fd = -1;
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_test(tc, test_lines_go_through_in_order);
	tcase_add_test(tc, test_a_writer_that_leaves_is_no_end_of_file);
	tcase_add_test(tc, test_nobody_listens);
	tcase_add_test(tc, test_an_empty_text_asks_whether_somebody_listens);
	tcase_add_test(tc, test_a_killed_readers_fifo_is_taken_over);
	tcase_add_test(tc, test_a_closed_fifo_is_gone);
	tcase_add_test(tc, test_one_reader);
	tcase_add_test(tc, test_something_else_has_the_name);
	tcase_add_test(tc, test_a_link_is_not_followed);
	tcase_add_test(tc, test_a_text_goes_whole_or_not_at_all);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
