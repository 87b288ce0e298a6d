/* segment: what is settled gives its blocks back while the disk is full. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../publisher/spool/segment.h"

/* A segment of lines that are alike, and as good as any other start. */
enum { START = 1000000, LINE = 100, LINES = 10000, SIZE = LINE * LINES };

static char dir[64];
static int dir_fd;
static struct segments s;

/* Line `i`, of which the last byte is LF. */
static const char *
line(int i)
{
	static char text[LINE + 1];

	snprintf(text, sizeof(text), "%0*d\n", LINE - 1, i);
	return text;
}

static void
setup(void)
{
	int fd;

	snprintf(dir, sizeof(dir), "/tmp/check_segment.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(segments_open(&s, dir_fd), 0);
	fd = segments_add(&s, START);
	for (int i = 0; i < LINES; i++)
		ck_assert_int_eq(write(fd, line(i), LINE), LINE);
	ck_assert_int_eq(fsync(fd), 0);
	close(fd);
}

static void
teardown(void)
{
	char command[128];

	segments_free(&s);
	close(dir_fd);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static struct stat
state(void)
{
	int fd = segments_open_one(&s, 0, O_RDONLY);
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	close(fd);
	return st;
}

/* Each byte of the lines [from, to) is there, or else each is 0. */
static void
lines_are(int from, int to, bool there)
{
	int fd = segments_open_one(&s, 0, O_RDONLY);
	static const char zero[LINE];
	char got[LINE];

	for (int i = from; i < to; i++) {
		ck_assert_int_eq(pread(fd, got, LINE, (off_t)i * LINE), LINE);
		ck_assert_int_eq(memcmp(got, there ? line(i) : zero, LINE), 0);
	}
	close(fd);
}

/* False where a file system cannot do it, and then nothing is to happen. */
static bool
can_punch(void)
{
	int fd = openat(dir_fd, "try", O_RDWR | O_CREAT, 0600);
	bool can = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		       1) == 0;

	close(fd);
	return can;
}

START_TEST(test_what_is_settled_gives_its_blocks_back)
{
	int settled = LINES * 9 / 10;
	struct stat before = state(), after;

	errno = ENOSPC;
	segments_release(&s, START + (uint64_t)settled * LINE);
	ck_assert_int_eq(errno, ENOSPC);
	after = state();
	ck_assert_int_eq(after.st_size, SIZE);
	lines_are(settled, LINES, true);
	if (!can_punch()) {
		lines_are(0, settled, true);
		return;
	}
	lines_are(0, settled - 1, false);
	/* But for the two blocks at its ends, in units of 512 bytes. */
	ck_assert_int_ge((before.st_blocks - after.st_blocks) * 512,
	    settled * LINE - 2 * after.st_blksize);
}
END_TEST

START_TEST(test_what_is_left_begins_with_a_line)
{
	int fd;
	char lf;

	segments_release(&s, START + 7 * LINE);
	fd = segments_open_one(&s, 0, O_RDONLY);
	ck_assert_int_eq(pread(fd, &lf, 1, 7 * LINE - 1), 1);
	ck_assert_int_eq(lf, '\n');
	ck_assert_int_eq(segment_whole(fd, 7 * LINE), 7 * LINE);
	ck_assert_int_eq(segment_whole(fd, SIZE - 1), SIZE - LINE);
	close(fd);
	lines_are(7, LINES, true);
}
END_TEST

START_TEST(test_all_of_it)
{
	segments_release(&s, START + SIZE);
	ck_assert_int_eq(state().st_size, SIZE);
	if (can_punch())
		lines_are(0, LINES - 1, false);
}
END_TEST

START_TEST(test_nothing_is_settled)
{
	segments_release(&s, START);
	lines_are(0, LINES, true);
	/* As with a cursor that is older than the first segment. */
	segments_release(&s, START - 1);
	segments_release(&s, 0);
	lines_are(0, LINES, true);
}
END_TEST

START_TEST(test_a_segment_that_is_gone)
{
	ck_assert_int_eq(unlinkat(dir_fd, "00000000000001000000.ndjson", 0), 0);
	errno = EIO;
	segments_release(&s, START + SIZE);
	ck_assert_int_eq(errno, EIO);
	ck_assert_int_eq(faccessat(dir_fd, "00000000000001000000.ndjson", F_OK,
			     0),
	    -1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("segment");
	TCase *tc = tcase_create("segment");
	SRunner *sr = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_what_is_settled_gives_its_blocks_back);
	tcase_add_test(tc, test_what_is_left_begins_with_a_line);
	tcase_add_test(tc, test_all_of_it);
	tcase_add_test(tc, test_nothing_is_settled);
	tcase_add_test(tc, test_a_segment_that_is_gone);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
