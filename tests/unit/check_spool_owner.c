/* spool_owner: whose a spool is. */

#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "spool.h"

/* A line that comes, and goes out; up to there all is settled, or not. */
static void
pass(const char *line, uint64_t settled)
{
	char got[64];
	ssize_t n = (ssize_t)strlen(line);

	ck_assert_int_eq(write(input[1], line, (size_t)n), n);
	ck_assert_int_eq(spool_take(&sp, input[0]), SPOOL_TAKEN);
	ck_assert_int_eq(spool_read(&sp, got, sizeof(got)), n);
	spool_settle(&sp, settled);
}

START_TEST(test_one_owner)
{
	struct spool first = sp;

	ck_assert_int_eq(try_open("here", "there"), STATUS_FAILED);
	ck_assert_ptr_nonnull(strstr(sp.owner.why, "in use"));
	sp = first;
	spool_close(&sp);
	open_spool();
}
END_TEST

START_TEST(test_of_another)
{
	pass("held\n", 0);
	leave();
	ck_assert_int_eq(try_open("here", "elsewhere"), STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(sp.owner.why, "'there'"));
	leave();
	ck_assert_int_eq(try_open("other", "there"), STATUS_USAGE);
	leave();
	write_file("spool.json",
	    "{\"format\":2,\"program\":\"here\",\"destination\":\"there\","
	    "\"id\":\"0123456789abcdef\"}");
	ck_assert_int_eq(try_open("here", "there"), STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(sp.owner.why, "another version"));
	leave();
	write_file("spool.json", "{\"format\":1");
	ck_assert_int_eq(try_open("here", "there"), STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(sp.owner.why, "damaged"));
	leave();
	unlink(file("spool.json"));
	ck_assert_int_eq(try_open("here", "there"), STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(sp.owner.why, "no spool"));
}
END_TEST

/* As a stop leaves it, and a crash. */
START_TEST(test_an_empty_one_of_another)
{
	char id[SPOOL_ID_SIZE];

	memcpy(id, sp.owner.id, sizeof(id));
	pass("one\n", 4);
	spool_close(&sp);
	ck_assert_int_eq(try_open("here", "elsewhere"), STATUS_OK);
	ck_assert_str_ne(sp.owner.id, id);
	memcpy(id, sp.owner.id, sizeof(id));
	pass("two\n", 8);
	leave();
	ck_assert_int_eq(try_open("other", "there"), STATUS_OK);
	ck_assert_str_ne(sp.owner.id, id);
	ck_assert_uint_eq(sp.cursor.position, 8);
	pass("three\nfo", 14);
	leave();
	ck_assert_int_eq(try_open("here", "there"), STATUS_USAGE);
	leave();
	ck_assert_int_eq(try_open("other", "there"), STATUS_OK);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("spool_owner");
	TCase *tc = tcase_create("spool_owner");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_one_owner);
	tcase_add_test(tc, test_of_another);
	tcase_add_test(tc, test_an_empty_one_of_another);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
