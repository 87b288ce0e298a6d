/* atomic: a reader sees the old file or the new one, whatever goes wrong. */

#include <check.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"

static char dir[] = "/tmp/check_atomic.XXXXXX";
static char path[PATH_MAX];

static void
make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
}

static void
remove_dir(void)
{
	unlink(path);
	rmdir(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* The folder holds the file alone, and these are its bytes. */
static void
file_is(const char *text)
{
	char pattern[PATH_MAX + 2], *bytes;
	size_t len;
	glob_t found;

	bytes = atomic_read(path, 100, &len);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_str_eq(bytes, text);
	free(bytes);
	snprintf(pattern, sizeof(pattern), "%s/*", dir);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_eq(found.gl_pathc, 1);
	globfree(&found);
}

START_TEST(test_the_file_is_replaced)
{
	bool durable = _i == 1;
	struct stat st;

	ck_assert_int_eq(atomic_write(path, SLICE("old"), durable), 0);
	file_is("old");
	ck_assert_int_eq(atomic_write(path, SLICE("new one"), durable), 0);
	file_is("new one");
	ck_assert_int_eq(atomic_write(path, SLICE(""), durable), 0);
	file_is("");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(test_room_comes_first)
{
	struct replacement r;
	struct stat st;

	ck_assert_int_eq(atomic_write(path, SLICE("old"), true), 0);
	ck_assert_int_eq(atomic_prepare(&r, path, 64 * 1024), 0);
	ck_assert_int_eq(fstat(r.fd, &st), 0);
	ck_assert_int_eq(st.st_size, 64 * 1024);
	ck_assert_int_eq(atomic_commit(&r, SLICE("new one"), true), 0);
	file_is("new one");

	ck_assert_int_eq(atomic_prepare(&r, path, 64 * 1024), 0);
	atomic_abandon(&r);
	file_is("new one");
}
END_TEST

START_TEST(test_a_failed_write_leaves_the_old_file)
{
	struct rlimit four = {.rlim_cur = 4, .rlim_max = RLIM_INFINITY};
	struct rlimit none;
	struct replacement r;

	ck_assert_int_eq(atomic_write(path, SLICE("old"), true), 0);
	getrlimit(RLIMIT_FSIZE, &none);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &four), 0);
	ck_assert_int_eq(atomic_write(path, SLICE("new one"), true), -1);
	ck_assert_int_eq(errno, EFBIG);
	ck_assert_int_eq(atomic_prepare(&r, path, 5), -1);
	ck_assert_int_eq(errno, EFBIG);
	setrlimit(RLIMIT_FSIZE, &none);
	file_is("old");
}
END_TEST

START_TEST(test_a_failed_rename_leaves_no_temporary)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(atomic_write(path, SLICE("new"), true), -1);
	ck_assert_int_eq(errno, EISDIR);
}
END_TEST

START_TEST(test_what_a_killed_writer_left_is_swept)
{
	char left[PATH_MAX + 8];
	int fd;

	ck_assert_int_eq(atomic_write(path, SLICE("old"), false), 0);
	snprintf(left, sizeof(left), "%s.XXXXXX", path);
	fd = mkstemp(left);
	ck_assert_int_ne(fd, -1);
	close(fd);
	atomic_sweep(path);
	file_is("old");
}
END_TEST

START_TEST(test_no_folder)
{
	char nowhere[PATH_MAX + 8], longer[2 * PATH_MAX];
	size_t len;

	snprintf(nowhere, sizeof(nowhere), "%s/a/b", dir);
	ck_assert_int_eq(atomic_write(nowhere, SLICE("new"), false), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(atomic_read(nowhere, 100, &len));
	ck_assert_int_eq(errno, ENOENT);

	memset(longer, 'a', sizeof(longer));
	longer[PATH_MAX - 3] = '\0';
	ck_assert_int_eq(atomic_write(longer, SLICE("new"), false), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
}
END_TEST

START_TEST(test_read_is_bounded)
{
	char *bytes;
	size_t len;

	ck_assert_int_eq(atomic_write(path,
			     SLICE("12\0"
				   "4"),
			     false),
	    0);
	ck_assert_ptr_null(atomic_read(path, 3, &len));
	ck_assert_int_eq(errno, EFBIG);
	bytes = atomic_read(path, 4, &len);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_eq(len, 4);
	ck_assert_mem_eq(bytes,
	    "12\0"
	    "4",
	    5);
	free(bytes);
}
END_TEST

START_TEST(test_a_folder_is_no_file)
{
	size_t len;

	ck_assert_ptr_null(atomic_read(dir, 1 << 20, &len));
	ck_assert_int_eq(errno, EISDIR);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("atomic");
	TCase *tc = tcase_create("atomic");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_loop_test(tc, test_the_file_is_replaced, 0, 2);
	tcase_add_test(tc, test_room_comes_first);
	tcase_add_test(tc, test_a_failed_write_leaves_the_old_file);
	tcase_add_test(tc, test_a_failed_rename_leaves_no_temporary);
	tcase_add_test(tc, test_what_a_killed_writer_left_is_swept);
	tcase_add_test(tc, test_no_folder);
	tcase_add_test(tc, test_read_is_bounded);
	tcase_add_test(tc, test_a_folder_is_no_file);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
