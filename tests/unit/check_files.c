/* files: batches appended to many files, all or none. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../publisher/file/files.h"
#include "atomic.h"

static char folder[] = "/tmp/check_files.XXXXXX";
static struct files f;

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	f = (struct files){.open_max = 8};
	ck_assert_int_eq(files_open(&f), 0);
}

static void
teardown(void)
{
	char command[64];

	files_close(&f);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* Begin again with other options. */
static void
reopen(struct files options)
{
	files_close(&f);
	f = options;
	ck_assert_int_eq(files_open(&f), 0);
}

/* Write each of these strings to the file that its first byte names. */
static int
batch(const char *const *lines)
{
	struct slice records[16];
	char path[] = "d/x";
	size_t n = 0;

	for (; lines[n] != NULL; n++) {
		records[n] = slice_of(lines[n]);
		path[2] = lines[n][0];
		ck_assert_int_eq(files_gather(&f, path, n), 0);
	}
	return files_write(&f, records);
}

#define BATCH(...) batch((const char *const[]){__VA_ARGS__, NULL})

static void
holds(const char *path, const char *want)
{
	size_t len;
	char *got = atomic_read(path, 1 << 20, &len);

	ck_assert_msg(got != NULL, "%s is there", path);
	ck_assert_str_eq(got, want);
	free(got);
}

static void
put(const char *path, const char *text)
{
	FILE *to = fopen(path, "w");

	ck_assert_ptr_nonnull(to);
	fputs(text, to);
	fclose(to);
}

START_TEST(test_each_file_has_its_lines_in_order)
{
	ck_assert_int_eq(BATCH("a1", "b1", "a2", "c1", "a3", "b2"), 0);
	ck_assert_int_eq(BATCH("b3", "a4"), 0);
	holds("d/a", "a1\na2\na3\na4\n");
	holds("d/b", "b1\nb2\nb3\n");
	holds("d/c", "c1\n");
}
END_TEST

START_TEST(test_more_files_than_may_be_open)
{
	reopen((struct files){.open_max = 2, .sync = true});
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(BATCH("a", "b", "c", "a", "d", "e"), 0);
	ck_assert_uint_eq(f.open_count, 2);
	holds("d/a", "a\na\na\na\na\na\n");
	holds("d/c", "c\nc\nc\n");
	holds("d/e", "e\ne\ne\n");
}
END_TEST

/* Somebody else has taken the descriptors, or the limit was lowered. */
START_TEST(test_fewer_files_than_expected_may_be_open)
{
	struct rlimit limit, before;
	int next = dup(STDIN_FILENO);

	close(next);
	reopen((struct files){.open_max = 8});
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)next + 2;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(BATCH("a", "b", "c", "d", "e"), 0);
	ck_assert_uint_eq(f.open_count, 2);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	holds("d/a", "a\na\n");
	holds("d/e", "e\ne\n");
}
END_TEST

START_TEST(test_others_may_not_read_nor_write)
{
	struct stat st;

	umask(0);
	ck_assert_int_eq(BATCH("a"), 0);
	ck_assert_int_eq(stat("d/a", &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	ck_assert_int_eq(stat("d", &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0750);
}
END_TEST

START_TEST(test_one_that_fails_takes_back_the_others)
{
	reopen((struct files){.open_max = (size_t)_i});
	ck_assert_int_eq(BATCH("a", "b", "c"), 0);
	ck_assert_int_eq(mkdir("d/z", 0700), 0);
	ck_assert_int_eq(BATCH("a", "b", "c", "n", "z", "m", "a"), -1);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_str_eq(f.culprit, "d/z");
	ck_assert_uint_eq(f.record, 4);
	holds("d/a", "a\n");
	holds("d/n", "");
	ck_assert_int_eq(BATCH("a", "b", "n"), 0);
	holds("d/a", "a\na\n");
	holds("d/n", "n\n");
}
END_TEST

START_TEST(test_a_write_cut_short_leaves_nothing)
{
	struct rlimit limit = {.rlim_cur = 10, .rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(BATCH("a2345678", "b"), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(BATCH("b", "a"), -1);
	ck_assert_int_eq(errno, EFBIG);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	holds("d/a", "a2345678\n");
	holds("d/b", "b\n");
}
END_TEST

static const struct tail {
	const char *before, *after;
} tails[] = {
    {"", "a\n"},
    {"{\"x\":1}\n", "{\"x\":1}\na\n"},
    {"{\"x\":1}\n{\"y", "{\"x\":1}\na\n"},
    {"{\"x\":1", "a\n"},
    {"{", "a\n"},
    {"{\"x\":1}", "{\"x\":1}\na\n"},
    {"{\"x\":1}\n{\"y\":2}", "{\"x\":1}\n{\"y\":2}\na\n"},
    {"text\n", "text\na\n"},
};

START_TEST(test_what_a_crash_cut_off)
{
	ck_assert_int_eq(mkdir("d", 0700), 0);
	put("d/a", tails[_i].before);
	ck_assert_int_eq(BATCH("a"), 0);
	holds("d/a", tails[_i].after);
}
END_TEST

static const char *const strange[] = {
    "text", "{}\ntext", "text\n{\"x", "(\xb5/\xfd{"};

START_TEST(test_what_is_not_ours_stays)
{
	ck_assert_int_eq(mkdir("d", 0700), 0);
	put("d/a", strange[_i]);
	ck_assert_int_eq(BATCH("b", "a"), -1);
	ck_assert_int_eq(errno, EILSEQ);
	holds("d/a", strange[_i]);
	reopen((struct files){.open_max = 8, .zstd = true});
	ck_assert_int_eq(BATCH("b", "a"), _i == 3 ? 0 : -1);
	if (_i < 3)
		holds("d/a", strange[_i]);
}
END_TEST

START_TEST(test_no_plain_file)
{
	ck_assert_int_eq(mkdir("d", 0700), 0);
	ck_assert_int_eq(mkfifo("d/a", 0600), 0);
	ck_assert_int_eq(BATCH("a"), -1);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(test_one_that_was_moved_away)
{
	ck_assert_int_eq(BATCH("a", "b"), 0);
	ck_assert_int_eq(rename("d/a", "d/old"), 0);
	ck_assert_int_eq(unlink("d/b"), 0);
	ck_assert_int_eq(BATCH("a", "b"), 0);
	holds("d/old", "a\n");
	holds("d/a", "a\n");
	holds("d/b", "b\n");
}
END_TEST

START_TEST(test_one_that_another_process_writes)
{
	int fd;

	ck_assert_int_eq(mkdir("d", 0700), 0);
	fd = open("d/a", O_RDWR | O_CREAT, 0600);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(BATCH("a"), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	close(fd);
	ck_assert_int_eq(BATCH("a"), 0);
}
END_TEST

/* Wherever a frame is cut, those before it stay and others may follow. */
START_TEST(test_frames)
{
	char *whole;
	size_t first, len;

	reopen((struct files){.open_max = 8, .zstd = true});
	ck_assert_int_eq(BATCH("a1", "a2"), 0);
	free(atomic_read("d/a", 1 << 20, &first));
	ck_assert_int_eq(BATCH("a3"), 0);
	whole = atomic_read("d/a", 1 << 20, &len);
	ck_assert_uint_gt(first, 0);
	for (size_t cut = first; cut <= len; cut++) {
		reopen((struct files){.open_max = 8, .zstd = true});
		ck_assert_int_eq(truncate("d/a", 0), 0);
		ck_assert_int_eq(atomic_write("d/a", (struct slice){whole, cut},
				     false),
		    0);
		ck_assert_int_eq(BATCH("a4"), 0);
		ck_assert_int_eq(system("zstd -qdc <d/a >text"), 0);
		holds("text", cut < len ? "a1\na2\na4\n" : "a1\na2\na3\na4\n");
	}
	free(whole);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("files");
	TCase *tc = tcase_create("files");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_each_file_has_its_lines_in_order);
	tcase_add_test(tc, test_more_files_than_may_be_open);
	tcase_add_test(tc, test_fewer_files_than_expected_may_be_open);
	tcase_add_test(tc, test_others_may_not_read_nor_write);
	tcase_add_loop_test(tc, test_one_that_fails_takes_back_the_others, 1,
	    4);
	tcase_add_test(tc, test_a_write_cut_short_leaves_nothing);
	tcase_add_loop_test(tc, test_what_a_crash_cut_off, 0,
	    sizeof(tails) / sizeof(tails[0]));
	tcase_add_loop_test(tc, test_what_is_not_ours_stays, 0,
	    sizeof(strange) / sizeof(strange[0]));
	tcase_add_test(tc, test_no_plain_file);
	tcase_add_test(tc, test_one_that_was_moved_away);
	tcase_add_test(tc, test_one_that_another_process_writes);
	tcase_add_test(tc, test_frames);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
