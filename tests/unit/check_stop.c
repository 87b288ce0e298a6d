/* stop: a signal wakes whatever waits, and grace has an end. */

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "status.h"
#include "stop.h"

static int pipe_fd[2];

static void
make_pipe(void)
{
	ck_assert_int_eq(pipe(pipe_fd), 0);
}

static void
fill_pipe(void)
{
	ck_assert_int_eq(write(pipe_fd[1], "x", 1), 1);
}

START_TEST(test_a_signal_requests_a_stop)
{
	struct pollfd fd;

	stop_on_signals(10);
	fd = (struct pollfd){.fd = stop_fd(), .events = POLLIN};
	ck_assert(!stop_requested());
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	raise(_i);
	ck_assert(stop_requested());
	ck_assert_int_eq(poll(&fd, 1, 0), 1);
	ck_assert_int_eq(stop_wait(-1, 0, -1), -1);
}
END_TEST

START_TEST(test_wait)
{
	stop_on_signals(10);
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, 0), 0);
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, 10), 0);
	fill_pipe();
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, -1), 1);
	ck_assert_int_eq(stop_wait(pipe_fd[1], POLLOUT, -1), 1);
}
END_TEST

START_TEST(test_the_end_of_a_file_is_ready)
{
	stop_on_signals(10);
	close(pipe_fd[1]);
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, -1), 1);
}
END_TEST

START_TEST(test_a_stop_wins_over_a_ready_descriptor)
{
	stop_on_signals(10);
	fill_pipe();
	raise(SIGTERM);
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, -1), -1);
}
END_TEST

START_TEST(test_a_signal_ends_a_wait)
{
	pid_t child;

	stop_on_signals(10);
	child = fork();
	ck_assert_int_ne(child, -1);
	if (child == 0) {
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, -1), -1);
	waitpid(child, NULL, 0);
}
END_TEST

static void
on_other(int sig)
{
	(void)sig;
	(void)!write(pipe_fd[1], "x", 1);
}

START_TEST(test_another_signal_does_not)
{
	stop_on_signals(10);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_other}, NULL);
	raise(SIGUSR1);
	ck_assert_int_eq(stop_wait(pipe_fd[0], POLLIN, -1), 1);
	ck_assert(!stop_requested());
}
END_TEST

START_TEST(test_a_closed_pipe_is_an_error_from_write)
{
	stop_on_signals(10);
	close(pipe_fd[0]);
	ck_assert_int_eq(write(pipe_fd[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
}
END_TEST

/* Stuck as in a write(2) that nobody reads; a second signal changes nothing. */
START_TEST(test_what_grace_may_be)
{
	ck_assert_uint_eq(stop_grace("10"), 10);
	ck_assert_uint_eq(stop_grace("1500ms"), 1);
	ck_assert_uint_eq(stop_grace("24h"), 86400);
	ck_assert_uint_eq(stop_grace("0"), 0);
	ck_assert_uint_eq(stop_grace("25h"), 0);
	ck_assert_uint_eq(stop_grace("soon"), 0);
}
END_TEST

START_TEST(test_grace_ends)
{
	close(STDERR_FILENO);
	stop_on_signals(_i);
	raise(SIGTERM);
	raise(SIGTERM);
	for (;;)
		pause();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stop");
	TCase *tc = tcase_create("stop");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, make_pipe, NULL);
	tcase_add_loop_test(tc, test_a_signal_requests_a_stop, SIGINT,
	    SIGINT + 1);
	tcase_add_loop_test(tc, test_a_signal_requests_a_stop, SIGTERM,
	    SIGTERM + 1);
	tcase_add_test(tc, test_wait);
	tcase_add_test(tc, test_the_end_of_a_file_is_ready);
	tcase_add_test(tc, test_a_stop_wins_over_a_ready_descriptor);
	tcase_add_test(tc, test_a_signal_ends_a_wait);
	tcase_add_test(tc, test_another_signal_does_not);
	tcase_add_test(tc, test_a_closed_pipe_is_an_error_from_write);
	tcase_add_test(tc, test_what_grace_may_be);
	tcase_add_loop_exit_test(tc, test_grace_ends, STATUS_FAILED, 0, 2);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
