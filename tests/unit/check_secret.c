/* secret: only a plain file that is ours alone is trusted. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret.h"

static char dir[] = "/tmp/check_secret.XXXXXX";
static char path[64];

static void
set_up(void)
{
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(fd, "abc", 3), 3);
	close(fd);
}

static void
tear_down(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

START_TEST(test_read)
{
	size_t len;
	char *secret = secret_read(path, 3, &len);

	ck_assert_str_eq(secret, "abc");
	ck_assert_uint_eq(len, 3);
	secret_free(secret);
	secret_free(NULL);
}
END_TEST

static void
refused(size_t max, int why)
{
	size_t len;

	errno = 0;
	ck_assert_ptr_null(secret_read(path, max, &len));
	ck_assert_int_eq(errno, why);
}

START_TEST(test_too_large)
{
	refused(2, EFBIG);
}
END_TEST

static const mode_t modes[] = {0640, 0620, 0604, 0602, 0601, 0610, 0644, 0666};

START_TEST(test_open_to_others)
{
	char why[SECRET_WHY_MAX], right[SECRET_WHY_MAX];

	chmod(path, modes[_i]);
	refused(3, EPERM);
	snprintf(right, sizeof(right),
	    "others can read or write '%s'; run: chmod 600 '%s'", path, path);
	ck_assert_str_eq(secret_why(path, EPERM, why), right);
}
END_TEST

/* Only root can give a file away to try this with. */
START_TEST(test_of_another_user)
{
	char why[SECRET_WHY_MAX], right[SECRET_WHY_MAX];

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chown(path, 12345, (gid_t)-1), 0);
	refused(3, EPERM);
	snprintf(right, sizeof(right),
	    "'%s' belongs to another user; run: chown 0 '%s'", path, path);
	ck_assert_str_eq(secret_why(path, EPERM, why), right);
}
END_TEST

START_TEST(test_missing)
{
	unlink(path);
	refused(3, ENOENT);
}
END_TEST

START_TEST(test_link)
{
	char why[SECRET_WHY_MAX];

	unlink(path);
	ck_assert_int_eq(symlink("/dev/null", path), 0);
	refused(3, ELOOP);
	ck_assert_ptr_nonnull(strstr(secret_why(path, ELOOP, why),
	    "is a symbolic link"));
}
END_TEST

START_TEST(test_fifo)
{
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	refused(3, EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("secret");
	TCase *tc = tcase_create("secret");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_read);
	tcase_add_test(tc, test_too_large);
	tcase_add_loop_test(tc, test_open_to_others, 0,
	    sizeof(modes) / sizeof(modes[0]));
	tcase_add_test(tc, test_of_another_user);
	tcase_add_test(tc, test_missing);
	tcase_add_test(tc, test_link);
	tcase_add_test(tc, test_fifo);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
