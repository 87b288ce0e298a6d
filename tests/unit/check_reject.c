/* reject: the file of records that cannot be published. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../publisher/driver/reject.h"
#include "atomic.h"

static char path[] = "/tmp/check_reject.XXXXXX";
static struct reject r;

static void
setup(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ne(fd, -1);
	close(fd);
	unlink(path);
	ck_assert_int_eq(reject_open(&r, path), 0);
}

static void
teardown(void)
{
	unlink(path);
}

/* Close it; it must hold just this. */
static void
holds(const char *want)
{
	size_t len;
	char *got;

	ck_assert_int_eq(reject_close(&r), 0);
	got = atomic_read(path, 1 << 20, &len);
	ck_assert_ptr_nonnull(got);
	ck_assert_str_eq(got, want);
	free(got);
}

START_TEST(test_an_object_stays_as_it_is)
{
	reject_record(&r, "why", SLICE(" {\"a\" : \"\\u00e9\xff\"} "));
	holds("{\"reason\":\"why\",\"record\": {\"a\" : \"\\u00e9\xff\"} }\n");
}
END_TEST

START_TEST(test_anything_else_becomes_a_string)
{
	reject_record(&r, "a \"b\"\n", SLICE("{\"a\":\t\"\xff\xc3\xa9"));
	reject_record(&r, "", SLICE(""));
	reject_record(&r, "c", SLICE("[1]"));
	holds("{\"reason\":\"a \\\"b\\\"\\n\",\"record\":"
	      "\"{\\\"a\\\":\\t\\\"\xef\xbf\xbd\xc3\xa9\"}\n"
	      "{\"reason\":\"\",\"record\":\"\"}\n"
	      "{\"reason\":\"c\",\"record\":\"[1]\"}\n");
}
END_TEST

/* A character that two pieces share comes out whole. */
START_TEST(test_pieces)
{
	static const char text[] = "a\xf0\x9f\x98\x80z\xe2\x82";
	size_t len = sizeof(text) - 1;

	for (size_t cut = 0; cut <= len; cut++) {
		reject_begin(&r, "long");
		reject_piece(&r, (struct slice){text, cut});
		reject_piece(&r, (struct slice){text + cut, len - cut});
		reject_end(&r);
	}
	ck_assert_int_eq(reject_flush(&r), 0);
	for (size_t cut = 0; cut <= len; cut++) {
		char line[128];
		FILE *f = fopen(path, "r");

		for (size_t i = 0; i <= cut; i++)
			ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
		ck_assert_str_eq(line,
		    "{\"reason\":\"long\",\"record\":"
		    "\"a\xf0\x9f\x98\x80z\xef\xbf\xbd\"}\n");
		fclose(f);
	}
	reject_close(&r);
}
END_TEST

START_TEST(test_it_is_appended_to_and_private)
{
	struct stat st;

	reject_record(&r, "1", SLICE("{}"));
	ck_assert_int_eq(reject_close(&r), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(reject_open(&r, path), 0);
	reject_record(&r, "2", SLICE("{}"));
	holds("{\"reason\":\"1\",\"record\":{}}\n"
	      "{\"reason\":\"2\",\"record\":{}}\n");
}
END_TEST

/* One that is refused meanwhile does not land in the middle of it. */
START_TEST(test_a_record_between_pieces)
{
	reject_begin(&r, "long");
	reject_piece(&r, SLICE("a\xf0\x9f"));
	reject_record(&r, "why", SLICE("{}"));
	reject_record(&r, "why", SLICE("b\xc3"));
	reject_piece(&r, SLICE("\x98\x80z"));
	reject_end(&r);
	holds(
	    "{\"reason\":\"long\",\"record\":\"a\"}\n"
	    "{\"reason\":\"why\",\"record\":{}}\n"
	    "{\"reason\":\"more of a line that is too long\",\"record\":\"\"}\n"
	    "{\"reason\":\"why\",\"record\":\"b\xef\xbf\xbd\"}\n"
	    "{\"reason\":\"more of a line that is too long\",\"record\":"
	    "\"\xf0\x9f\x98\x80z\"}\n");
}
END_TEST

START_TEST(test_pieces_without_an_end)
{
	reject_begin(&r, "long");
	reject_piece(&r, SLICE("a"));
	reject_begin(&r, "another");
	reject_piece(&r, SLICE("b"));
	holds("{\"reason\":\"long\",\"record\":\"a\"}\n"
	      "{\"reason\":\"another\",\"record\":\"b\"}\n");
}
END_TEST

START_TEST(test_after_half_a_line)
{
	FILE *f = fopen(path, "w");

	fputs("{\"reason\":\"cut sh", f);
	fclose(f);
	reject_close(&r);
	ck_assert_int_eq(reject_open(&r, path), 0);
	reject_record(&r, "why", SLICE("{}"));
	holds("{\"reason\":\"cut sh\n"
	      "{\"reason\":\"why\",\"record\":{}}\n");
}
END_TEST

START_TEST(test_no_file)
{
	reject_close(&r);
	ck_assert_int_eq(reject_open(&r, NULL), 0);
	reject_record(&r, "why", SLICE("{}"));
	reject_begin(&r, "why");
	reject_piece(&r, SLICE("piece"));
	reject_end(&r);
	ck_assert_int_eq(reject_flush(&r), 0);
	ck_assert_int_eq(reject_close(&r), 0);
}
END_TEST

START_TEST(test_a_full_disk_is_an_error)
{
	reject_close(&r);
	ck_assert_int_eq(reject_open(&r, "/dev/full"), 0);
	reject_record(&r, "why", SLICE("{}"));
	ck_assert_int_eq(reject_flush(&r), -1);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(reject_close(&r), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("reject");
	TCase *tc = tcase_create("reject");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_an_object_stays_as_it_is);
	tcase_add_test(tc, test_anything_else_becomes_a_string);
	tcase_add_test(tc, test_pieces);
	tcase_add_test(tc, test_it_is_appended_to_and_private);
	tcase_add_test(tc, test_a_record_between_pieces);
	tcase_add_test(tc, test_pieces_without_an_end);
	tcase_add_test(tc, test_after_half_a_line);
	tcase_add_test(tc, test_no_file);
	tcase_add_test(tc, test_a_full_disk_is_an_error);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
