/* output: what one turn of the loop brings, and what nobody takes. */

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../collector/output.h"

enum { SIZE = 64 * 1024, RECORD = 1000 };

/* Commit records until there is no room, at most so many; how many it were. */
static int
fill(struct output *out, int most)
{
	for (int i = 0; i < most; i++) {
		char *p = output_reserve(out, RECORD);

		if (p == NULL)
			return i;
		memset(p, 'x', RECORD);
		output_commit(out, p + RECORD);
	}
	return most;
}

START_TEST(test_more_than_the_buffer_holds_in_one_turn)
{
	int fd = open("/dev/null", O_WRONLY);
	struct output out;

	ck_assert_int_eq(output_open(&out, fd, SIZE), 0);
	ck_assert_int_eq(fill(&out, 1000), 1000);
	output_close(&out);
	close(fd);
}
END_TEST

START_TEST(test_nobody_takes_anything)
{
	struct output out;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(output_open(&out, fds[1], SIZE), 0);
	ck_assert_int_lt(fill(&out, 10000), 10000);
	ck_assert_uint_le(out.len, out.size);
	output_close(&out);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("output");
	TCase *tc = tcase_create("output");
	SRunner *sr = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, test_more_than_the_buffer_holds_in_one_turn);
	tcase_add_test(tc, test_nobody_takes_anything);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
