/* sink: when the driver ends, and what it says then. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../publisher/driver/sink.h"
#include "clock.h"

enum { PACE = 20 }; /* ms */

/* A destination that answers one record after another, or says no word. */
struct fake {
	struct sink sink;
	bool mute;
	bool refuses; /* or else takes them all */
	uint64_t taken, answered;
	int64_t next; /* when it answers another */
};

static enum sink_put
put(void *dest, uint64_t number, struct slice record, const char **why)
{
	struct fake *f = dest;

	(void)record;
	(void)why;
	if (f->taken == f->answered)
		f->next = clock_mono() + PACE;
	f->taken = number;
	return SINK_TAKEN;
}

static enum status
serve(void *dest, const char **why)
{
	struct fake *f = dest;

	(void)why;
	if (f->mute || f->answered == f->taken || clock_mono() < f->next)
		return STATUS_OK;
	f->answered++;
	if (f->refuses)
		sink_refused(&f->sink, f->answered, SLICE("{}"), "no");
	else
		sink_acked(&f->sink, f->answered, PACE * 1000);
	f->next = clock_mono() + PACE;
	return STATUS_OK;
}

static void
nothing(void *dest)
{
	(void)dest;
}

static int64_t
due(void *dest)
{
	const struct fake *f = dest;

	return f->mute ? 0 : f->next;
}

/* Publish so many records, with a grace of so many ms. */
static enum status
publish(struct fake *f, int count, int64_t grace)
{
	static const struct sink_ops ops = {
	    put, serve, nothing, nothing, NULL, due};
	FILE *in = tmpfile();

	ck_assert_ptr_nonnull(in);
	for (int i = 0; i < count; i++)
		fputs("{}\n", in);
	fflush(in);
	rewind(in);
	f->sink = (struct sink){.program = "fake",
	    .ops = &ops,
	    .dest = f,
	    .fd = -1,
	    .record_max = 1000,
	    .options = {.grace = grace}};
	return sink_run(&f->sink, fileno(in));
}

START_TEST(test_patience_lasts_while_records_are_acknowledged)
{
	struct fake f = {0};

	ck_assert_int_eq(publish(&f, 50, 25 * PACE), STATUS_OK);
	ck_assert_uint_eq(f.sink.acked, 50);
}
END_TEST

/* It answers, if not as one would like. */
START_TEST(test_patience_lasts_while_records_are_refused)
{
	struct fake f = {.refuses = true};

	ck_assert_int_eq(publish(&f, 50, 25 * PACE), STATUS_FAILED);
	ck_assert_uint_eq(f.sink.rejected, 50);
	ck_assert_uint_eq(f.sink.abandoned, 0);
}
END_TEST

/* A destination had no time to give each of them up. */
START_TEST(test_what_has_no_fate_is_abandoned)
{
	struct fake f = {.mute = true};

	ck_assert_int_eq(publish(&f, 5, 0), STATUS_FAILED);
	ck_assert_uint_eq(f.sink.abandoned, 5);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sink");
	TCase *tc = tcase_create("sink");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_patience_lasts_while_records_are_acknowledged);
	tcase_add_test(tc, test_patience_lasts_while_records_are_refused);
	tcase_add_test(tc, test_what_has_no_fate_is_abandoned);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
