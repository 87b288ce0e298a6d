/* spool: what comes by way of memory, since it cannot be spliced. */

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../publisher/spool/spool.h"

static char dir[64];
static struct spool sp;

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/check_spool.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	sp = (struct spool){.path = dir,
	    .program = "here",
	    .destination = "there",
	    .max = SPOOL_MAX_MIN,
	    .sync_ms = SPOOL_SYNC_NEVER,
	    .record_max = 100000};
	ck_assert_int_eq(spool_open(&sp, STDIN_FILENO), STATUS_OK);
}

static void
teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

/* A file of a hundred lines of 10000 bytes, from its beginning. */
static int
open_lines(void)
{
	static char line[10000];
	int fd = memfd_create("input", MFD_CLOEXEC);

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(write(fd, line, sizeof(line)), sizeof(line));
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* In a segment that is full, too. */
START_TEST(test_no_more_is_taken_than_is_written)
{
	int fd = open_lines();
	uint64_t before;

	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_TAKEN);
	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_TAKEN);
	before = sp.end;
	ck_assert_int_eq(spool_finish(&sp, fd), 0);
	ck_assert_uint_lt(sp.end - before, 10000);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), (off_t)sp.end);
	ck_assert_uint_eq(sp.end % 10000, 0);
	close(fd);
}
END_TEST

START_TEST(test_what_had_no_room)
{
	struct rlimit before, limit;
	int fd = open_lines();

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 55000;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_TAKEN);
	ck_assert_uint_eq(sp.end, 55000);
	ck_assert(spool_pending(&sp));
	ck_assert_int_eq(spool_take(&sp, fd), SPOOL_STUCK);
	ck_assert_int_eq(spool_finish(&sp, fd), -1);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(spool_finish(&sp, fd), 0);
	ck_assert(!spool_pending(&sp));
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), (off_t)sp.end);
	ck_assert_uint_eq(sp.end % 10000, 0);
	close(fd);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("spool_copy");
	TCase *tc = tcase_create("spool_copy");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_no_more_is_taken_than_is_written);
	tcase_add_test(tc, test_what_had_no_room);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
