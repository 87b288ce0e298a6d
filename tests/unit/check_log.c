/* log: what is said, in which form, and what is kept back. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "status.h"

static char said[16384]; /* since the last call of listen */
static int heard = -1;

/* Take standard error into a file. */
static void
take_stderr(void)
{
	char path[] = "/tmp/check_log.XXXXXX";

	unsetenv("DEBUG");
	unsetenv("LOG_LEVEL");
	unsetenv("LOG_FORMAT");
	heard = mkostemp(path, O_APPEND);
	ck_assert_int_ne(heard, -1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(dup2(heard, STDERR_FILENO), STDERR_FILENO);
}

static const char *
listen(void)
{
	ssize_t n = pread(heard, said, sizeof(said) - 1, 0);

	ck_assert_int_ne(n, -1);
	said[n] = '\0';
	ck_assert_int_eq(ftruncate(heard, 0), 0);
	return said;
}

START_TEST(test_text)
{
	log_open("prog");
	log_info("%d lines", 3);
	log_warn("one bad line");
	log_error("cannot open '%s': %s", "a\nb", strerror(ENOENT));
	ck_assert_str_eq(listen(),
	    "prog: 3 lines\n"
	    "prog: warning: one bad line\n"
	    "prog: cannot open 'a b': No such file or directory\n");
}
END_TEST

START_TEST(test_json)
{
	setenv("LOG_FORMAT", "json", 1);
	clock_hold(1763688123456, 0);
	log_open("prog");
	log_warn("one \"bad\" line\n");
	ck_assert_str_eq(listen(),
	    "{\"ts\":1763688123456,\"level\":\"warn\",\"component\":\"prog\","
	    "\"msg\":\"one \\\"bad\\\" line\\n\"}\n");
}
END_TEST

static const struct level {
	const char *level, *debug;
	enum log_level least;
} levels[] = {
    {NULL, NULL, LOG_LEVEL_INFO},
    {"debug", NULL, LOG_LEVEL_DEBUG},
    {"info", NULL, LOG_LEVEL_INFO},
    {"warn", NULL, LOG_LEVEL_WARN},
    {"ERROR", NULL, LOG_LEVEL_ERROR},
    {"loud", NULL, LOG_LEVEL_INFO},
    {NULL, "1", LOG_LEVEL_DEBUG},
    {NULL, "0", LOG_LEVEL_INFO},
    {"warn", "1", LOG_LEVEL_WARN},
};

START_TEST(test_level)
{
	const struct level *l = &levels[_i];

	if (l->level != NULL)
		setenv("LOG_LEVEL", l->level, 1);
	if (l->debug != NULL)
		setenv("DEBUG", l->debug, 1);
	log_open("prog");
	for (int i = LOG_LEVEL_DEBUG; i <= LOG_LEVEL_ERROR; i++)
		ck_assert_int_eq(log_enabled(i), i >= (int)l->least);
	log_debug("debug");
	ck_assert_int_eq(*listen() != '\0', l->least <= LOG_LEVEL_DEBUG);
	log_info("info");
	ck_assert_int_eq(*listen() != '\0', l->least <= LOG_LEVEL_INFO);
	log_warn("warn");
	ck_assert_int_eq(*listen() != '\0', l->least <= LOG_LEVEL_WARN);
	log_error("error");
	ck_assert_int_eq(*listen() != '\0', 1);
}
END_TEST

/* In JSON every byte may need six, and must find room. */
START_TEST(test_a_long_message_is_cut)
{
	static char text[9000];

	memset(text, _i == 0 ? 'a' : 1, sizeof(text) - 1);
	if (_i == 1)
		setenv("LOG_FORMAT", "json", 1);
	log_open("prog");
	log_error("%s", text);
	listen();
	ck_assert_uint_eq(said[strlen(said) - 1], '\n');
	if (_i == 0)
		ck_assert_uint_eq(strlen(said), strlen("prog: \n") + 2047);
	else
		ck_assert_str_eq(said + strlen(said) - 9, "\\u0001\"}\n");
}
END_TEST

START_TEST(test_errno_is_kept)
{
	log_open("prog");
	close(STDERR_FILENO);
	errno = ENOSPC;
	log_error("unheard");
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

START_TEST(test_die_exits_with_its_status)
{
	log_open("prog");
	die(STATUS_CREDENTIALS, "refused");
}
END_TEST

START_TEST(test_limit)
{
	struct log_limit limit = {0};
	unsigned long held = 42;

	clock_hold(0, 0);
	ck_assert(log_limit(&limit, &held));
	ck_assert_uint_eq(held, 0);
	ck_assert(!log_limit(&limit, &held));
	clock_turn(999);
	ck_assert(!log_limit(&limit, &held));
	clock_turn(1);
	ck_assert(log_limit(&limit, &held));
	ck_assert_uint_eq(held, 2);
	clock_turn(1000);
	ck_assert(log_limit(&limit, &held));
	ck_assert_uint_eq(held, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("log");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, take_stderr, NULL);
	tcase_add_test(tc, test_text);
	tcase_add_test(tc, test_json);
	tcase_add_loop_test(tc, test_level, 0,
	    sizeof(levels) / sizeof(levels[0]));
	tcase_add_loop_test(tc, test_a_long_message_is_cut, 0, 2);
	tcase_add_test(tc, test_errno_is_kept);
	tcase_add_exit_test(tc, test_die_exits_with_its_status,
	    STATUS_CREDENTIALS);
	tcase_add_test(tc, test_limit);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
