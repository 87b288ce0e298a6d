/* .env: what becomes of each kind of line. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../ctl/env.h"

static char path[] = "/tmp/check_env.XXXXXX";
static unsigned line;

static int
load(const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	return env_load(path, &line);
}

static const struct good {
	const char *text;
	const char *value; /* of A, or NULL when it stays unset */
} good[] = {
    {"", NULL},
    {"\n\n  \t\n", NULL},
    {"# A=1\n  # A=2\n", NULL},
    {"A=1", "1"},
    {"A=1\n", "1"},
    {"A=1\r\n", "1"},
    {"\xEF\xBB\xBF"
     "A=1\n",
	"1"},
    {"\xEF\xBB\xBF", NULL},
    {"\n#\nA=1\n", "1"},
    {"A=\n", ""},
    {"A=1\nA=2\n", "1"},
    {"  A = 1 2 \t\n", "1 2"},
    {"export A=1\n", "1"},
    {"export\t A=1\n", "1"},
    {"export=7\nA=1\n", "1"},
    {"A=#chess,#xqc\n", "#chess,#xqc"},
    {"A=1 # one\n", "1"},
    {"A= # none\n", ""},
    {"A=1#2 #3\n", "1#2"},
    {"A=\"1 # 2\"\n", "1 # 2"},
    {"A='1 \" 2' # three\n", "1 \" 2"},
    {"A=\"\"\n", ""},
    {"A=\"'1'\"\n", "'1'"},
    {"A=1\"2\"\n", "1\"2\""},
    {"A=$B\\n\n", "$B\\n"},
    {"A=b=c\n", "b=c"},
    {"B9_x=2\nA=1\n", "1"},
};

START_TEST(test_line)
{
	const struct good *g = &good[_i];

	unsetenv("A");
	ck_assert_int_eq(load(g->text, strlen(g->text)), 0);
	if (g->value == NULL)
		ck_assert_ptr_null(getenv("A"));
	else
		ck_assert_pstr_eq(getenv("A"), g->value);
}
END_TEST

static const struct bad {
	const char *text;
	unsigned line;
} bad[] = {
    {"A\n", 1},
    {"X=1\nA\n", 2},
    {"X=1\n\n# c\n=1", 4},
    {"9A=1\n", 1},
    {"A B=1\n", 1},
    {"A-B=1\n", 1},
    {"A: 1\n", 1},
    {"export A\n", 1},
    {"A=\"1\n", 1},
    {"A='1\"\n", 1},
    {"A=\"1\"2\n", 1},
};

START_TEST(test_malformed_line_is_numbered)
{
	ck_assert_int_eq(load(bad[_i].text, strlen(bad[_i].text)), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_uint_eq(line, bad[_i].line);
}
END_TEST

START_TEST(test_nul_byte_is_malformed)
{
	ck_assert_int_eq(load("X=1\nA=1\0002\n", 10), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_uint_eq(line, 2);
}
END_TEST

START_TEST(test_environment_wins)
{
	setenv("A", "old", 1);
	ck_assert_int_eq(load("A=new\n", 6), 0);
	ck_assert_str_eq(getenv("A"), "old");
	setenv("A", "", 1);
	ck_assert_int_eq(load("A=new\n", 6), 0);
	ck_assert_str_eq(getenv("A"), "");
}
END_TEST

START_TEST(test_no_file_is_no_error)
{
	ck_assert_int_eq(env_load("/nonexistent/.env", &line), 0);
	ck_assert_int_eq(env_load("/", &line), 0);
}
END_TEST

START_TEST(test_unreadable_file)
{
	ck_assert_int_eq(env_load("/dev/null/.env", &line), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_uint_eq(line, 0);
}
END_TEST

static const struct {
	mode_t mode;
	int error;
} modes[] = {{0600, 0}, {0644, 0}, {0664, EPERM}, {0646, EPERM}, {0606, EPERM}};

START_TEST(test_who_may_write)
{
	ck_assert_int_eq(chmod(path, modes[_i].mode), 0);
	ck_assert_int_eq(load("A=1\n", 4), modes[_i].error == 0 ? 0 : -1);
	if (modes[_i].error != 0)
		ck_assert_int_eq(errno, modes[_i].error);
	ck_assert_uint_eq(line, modes[_i].error == 0);
	chmod(path, 0600);
}
END_TEST

START_TEST(test_another_user)
{
	if (geteuid() != 0) /* only root can give a file away */
		return;
	ck_assert_int_eq(chown(path, 12345, 0), 0);
	ck_assert_int_eq(load("A=1\n", 4), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(chown(path, 0, 0), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("env");
	TCase *tc = tcase_create("env");
	SRunner *sr = srunner_create(s);
	int fd = mkstemp(path), failed;

	if (fd == -1)
		return 1;
	close(fd);
	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_line, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_malformed_line_is_numbered, 0,
	    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_nul_byte_is_malformed);
	tcase_add_test(tc, test_environment_wins);
	tcase_add_test(tc, test_no_file_is_no_error);
	tcase_add_test(tc, test_unreadable_file);
	tcase_add_loop_test(tc, test_who_may_write, 0,
	    sizeof(modes) / sizeof(modes[0]));
	tcase_add_test(tc, test_another_user);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	unlink(path);
	return failed != 0;
}
