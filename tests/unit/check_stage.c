/* A stage: when it is started again, and what its death means. */

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../ctl/stage.h"
#include "clock.h"

START_TEST(test_delay_doubles_from_nothing_to_30_s)
{
	static const int64_t delays[] = {
	    0, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
	struct stage stage = {0};

	clock_hold(0, 5000);
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		stage.started = clock_mono();
		clock_turn(10);
		ck_assert_int_eq(stage_retry(&stage), delays[i]);
		ck_assert_int_eq(stage.due, clock_mono() + delays[i]);
		ck_assert_uint_eq(stage.restarts, i + 1);
		clock_turn(delays[i]);
	}
	clock_release();
}
END_TEST

START_TEST(test_a_minute_of_life_forgives)
{
	struct stage stage = {.delay = 16000};

	clock_hold(0, 5000);
	stage.started = clock_mono();
	clock_turn(59999);
	ck_assert_int_eq(stage_retry(&stage), 16000);
	stage.started = clock_mono();
	clock_turn(60000);
	ck_assert_int_eq(stage_retry(&stage), 0);
	clock_release();
}
END_TEST

START_TEST(test_a_second_of_life_settles)
{
	char *first[] = {NULL}, *again[] = {NULL};
	struct stage stage = {.argv = first, .again = again};

	clock_hold(0, 5000);
	stage.started = clock_mono();
	clock_turn(999);
	stage_retry(&stage);
	ck_assert_ptr_eq(stage.argv, first);
	stage.started = clock_mono();
	clock_turn(1000);
	stage_retry(&stage);
	ck_assert_ptr_eq(stage.argv, again);
	clock_release();
}
END_TEST

static int
how(int status, int sig)
{
	int how;
	pid_t pid = fork();

	if (pid == 0) {
		if (sig != 0)
			raise(sig);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(pid, &how, 0), pid);
	return how;
}

START_TEST(test_status)
{
	ck_assert_int_eq(stage_status(how(0, 0)), STATUS_OK);
	ck_assert_int_eq(stage_status(how(1, 0)), STATUS_FAILED);
	ck_assert_int_eq(stage_status(how(2, 0)), STATUS_USAGE);
	ck_assert_int_eq(stage_status(how(3, 0)), STATUS_CREDENTIALS);
	ck_assert_int_eq(stage_status(how(99, 0)), STATUS_FAILED);
	ck_assert_int_eq(stage_status(how(0, SIGKILL)), STATUS_FAILED);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stage");
	TCase *tc = tcase_create("stage");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_delay_doubles_from_nothing_to_30_s);
	tcase_add_test(tc, test_a_minute_of_life_forgives);
	tcase_add_test(tc, test_a_second_of_life_settles);
	tcase_add_test(tc, test_status);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
