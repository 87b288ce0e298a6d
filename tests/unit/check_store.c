/* store: batches, retries and the record at fault, of a store made up. */

#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../publisher/driver/store.h"

enum { RECORDS = 1000, ROWS = 100, BYTES = 4096 };

struct fake {
	int down_connects, down_writes; /* fail so many */
	bool knows_which;               /* tells which record is at fault */
	bool fatal, no_entry;
	int late_writes, late_connects; /* fatal so often, after a success */
	int hang;    /* a descriptor to wait on in each write, or 0 */
	int hang_up; /* one to close after the first write, or 0 */
	bool bad[RECORDS];

	int stored[RECORDS]; /* how often */
	int last;            /* the last stored; order is kept */
	int calls;
	size_t longest, most; /* of the batches: bytes, records */
	atomic_int writes;
};

static enum store_result
outcome(struct store_batch *batch, enum store_result result, const char *why)
{
	snprintf(batch->why, sizeof(batch->why), "%s", why);
	return result;
}

static enum store_result
fake_connect(void *store, struct store_batch *batch)
{
	struct fake *f = store;

	ck_assert_uint_eq(batch->count, 0);
	if (f->no_entry) {
		batch->status = STATUS_USAGE;
		return outcome(batch, STORE_FATAL, "no entry");
	}
	if (f->last >= 0 && f->late_connects-- > 0)
		return outcome(batch, STORE_FATAL, "no entry today");
	if (f->down_connects-- > 0)
		return outcome(batch, STORE_RETRY, "nobody there");
	return STORE_DONE;
}

static int
number_of(struct slice record)
{
	return atoi(record.p + 1);
}

/* Which record is at fault; batch->count: none. */
static size_t
find_bad(const struct fake *f, const struct store_batch *batch)
{
	size_t i = 0;

	while (i < batch->count && !f->bad[number_of(batch->records[i])])
		i++;
	return i;
}

static enum store_result
fake_write(void *store, struct store_batch *batch)
{
	struct fake *f = store;
	size_t bad, bytes = 0;
	char byte;

	f->calls++;
	f->writes++;
	if (f->hang != 0)
		(void)!read(f->hang, &byte, 1);
	if (f->down_writes-- > 0)
		return outcome(batch, STORE_RETRY, "gone again");
	if (f->fatal || (f->last >= 0 && f->late_writes-- > 0)) {
		batch->status = STATUS_CREDENTIALS;
		return outcome(batch, STORE_FATAL, "not for you");
	}
	bad = find_bad(f, batch);
	if (bad < batch->count) {
		batch->bad = f->knows_which ? bad : batch->count;
		return outcome(batch, STORE_REFUSED, "poison");
	}
	for (size_t i = 0; i < batch->count; i++) {
		int n = number_of(batch->records[i]);

		f->stored[n]++;
		ck_assert_int_gt(n, f->last);
		f->last = n;
		bytes += batch->records[i].len;
	}
	f->longest = bytes > f->longest ? bytes : f->longest;
	f->most = batch->count > f->most ? batch->count : f->most;
	if (f->hang_up != 0)
		close(f->hang_up);
	f->hang_up = 0;
	return STORE_DONE;
}

static void
fake_close(void *store)
{
	(void)store;
}

static const char *
fake_check(void *store, struct slice record)
{
	(void)store;
	return record.p[0] == '{' ? NULL : "no object";
}

static const struct store_ops fake_ops = {
    fake_connect, fake_write, fake_close, fake_check};

static void
prepare(struct store *st, struct sink *s, struct fake *f)
{
	*s = (struct sink){.program = "fake", .record_max = 1000};
	s->options.grace = 5000;
	*st = (struct store){.ops = &fake_ops,
	    .store = f,
	    .rows_max = ROWS,
	    .bytes_max = BYTES,
	    .linger = 20,
	    .sink = s};
	f->last = -1;
	ck_assert_int_eq(store_open(st), 0);
}

/* A descriptor from which to read so many records. */
static int
records(int count)
{
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < count; i++)
		fprintf(f, "{%d}\n", i);
	ck_assert_int_eq(fflush(f), 0);
	rewind(f);
	return fileno(f);
}

static enum status
publish(struct sink *s, struct fake *f, int fd)
{
	struct store st;
	enum status status;

	prepare(&st, s, f);
	status = sink_run(s, fd);
	store_close(&st);
	return status;
}

START_TEST(test_batches)
{
	static struct fake f;
	struct sink s;

	ck_assert_int_eq(publish(&s, &f, records(RECORDS)), STATUS_OK);
	for (int i = 0; i < RECORDS; i++)
		ck_assert_int_eq(f.stored[i], 1);
	ck_assert_uint_eq(s.acked, RECORDS);
	ck_assert_uint_eq(f.most, ROWS);
	ck_assert_int_ge(f.calls, RECORDS / ROWS);
}
END_TEST

START_TEST(test_bytes)
{
	static struct fake f;
	FILE *in = tmpfile();
	struct sink s;

	for (int i = 0; i < 50; i++)
		fprintf(in, "{%d%*s}\n", i, 900, "");
	fflush(in);
	rewind(in);
	ck_assert_int_eq(publish(&s, &f, fileno(in)), STATUS_OK);
	ck_assert_uint_eq(s.acked, 50);
	ck_assert_uint_eq(f.most, 4);
	ck_assert_uint_le(f.longest, BYTES);
}
END_TEST

/* The input goes on until the record is stored: it lingers no longer. */
START_TEST(test_linger)
{
	static struct fake f;
	struct sink s;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	f.hang_up = fds[1];
	ck_assert_int_eq(write(fds[1], "{7}\n", 4), 4);
	ck_assert_int_eq(publish(&s, &f, fds[0]), STATUS_OK);
	ck_assert_int_eq(f.stored[7], 1);
}
END_TEST

START_TEST(test_away)
{
	static struct fake f = {.down_connects = 1, .down_writes = 1};
	struct sink s;

	ck_assert_int_eq(publish(&s, &f, records(RECORDS)), STATUS_OK);
	for (int i = 0; i < RECORDS; i++)
		ck_assert_int_eq(f.stored[i], 1);
}
END_TEST

static const int poison[][3] = {
    {0, 0, 0}, {99, 100, 101}, {999, 998, 997}, {1, 500, 501}};

START_TEST(test_poison)
{
	static struct fake f;
	struct sink s;
	uint64_t bad = 0;

	f.knows_which = _i % 2 == 0;
	for (int i = 0; i < 3; i++)
		f.bad[poison[_i / 2][i]] = true;
	publish(&s, &f, records(RECORDS));
	for (int i = 0; i < RECORDS; i++) {
		ck_assert_int_eq(f.stored[i], !f.bad[i]);
		bad += f.bad[i];
	}
	ck_assert_uint_eq(s.rejected, bad);
	ck_assert_uint_eq(s.acked, RECORDS - bad);
	ck_assert_int_le(f.calls, 25 * 3 + 2 * RECORDS / ROWS);
}
END_TEST

START_TEST(test_all_poison)
{
	static struct fake f;
	struct sink s;

	for (int i = 0; i < RECORDS; i++)
		f.bad[i] = true;
	publish(&s, &f, records(RECORDS));
	ck_assert_uint_eq(s.rejected, RECORDS);
}
END_TEST

/* What is no row at all is refused at the door. */
START_TEST(test_check)
{
	static struct fake f;
	FILE *in = tmpfile();
	struct sink s;

	fputs("{1}\nx\n{2}\n", in);
	fflush(in);
	rewind(in);
	publish(&s, &f, fileno(in));
	ck_assert_uint_eq(s.rejected, 1);
	ck_assert_uint_eq(s.acked, 2);
	ck_assert_int_eq(f.calls, 1);
}
END_TEST

/* A store that cannot be is said at the start, when nothing was read. */
START_TEST(test_hopeless)
{
	static struct fake f = {.no_entry = true};
	static struct sink s = {.program = "fake", .record_max = 1000};
	static struct store st = {.ops = &fake_ops,
	    .store = &f,
	    .rows_max = ROWS,
	    .bytes_max = BYTES,
	    .sink = &s};

	ck_assert_int_eq(store_open(&st), -1);
	ck_assert_int_eq(st.status, STATUS_USAGE);
	ck_assert_str_eq(st.why, "no entry");
}
END_TEST

START_TEST(test_fatal)
{
	static struct fake f = {.fatal = true};
	struct sink s;

	ck_assert_int_eq(publish(&s, &f, records(RECORDS)), STATUS_CREDENTIALS);
	ck_assert_int_eq(f.calls, 1);
	ck_assert_uint_ge(s.abandoned, 1);
	ck_assert_uint_eq(s.acked, 0);
}
END_TEST

/* What worked once will work again: somebody else has to mend something. */
START_TEST(test_fatal_for_a_while)
{
	static struct fake f = {.late_writes = 1, .late_connects = 1};
	static struct store st;
	static struct sink s;

	prepare(&st, &s, &f);
	s.options.grace = 60000;
	ck_assert_int_eq(sink_run(&s, records(RECORDS)), STATUS_OK);
	store_close(&st);
	for (int i = 0; i < RECORDS; i++)
		ck_assert_int_eq(f.stored[i], 1);
	ck_assert_int_lt(f.late_writes, 0);
	ck_assert_int_lt(f.late_connects, 0);
}
END_TEST

/* A store that hangs: the pipe is held up, time ends, and nobody waits. */
START_TEST(test_hanging)
{
	static struct fake f;
	static struct store st;
	static struct sink s;
	const char *why;
	uint64_t n = 0;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	f.hang = fds[0];
	prepare(&st, &s, &f);
	while (f.writes == 0)
		if (s.ops->put(&st, n, SLICE("{1}"), &why) == SINK_TAKEN)
			n++;
	while (s.ops->put(&st, n, SLICE("{1}"), &why) == SINK_TAKEN)
		n++;
	ck_assert_uint_eq(n, 2 * ROWS);
	ck_assert_int_eq(s.ops->serve(&st, &why), STATUS_OK);
	s.in_flight = n;
	s.ops->abandon(&st);
	ck_assert_uint_eq(s.abandoned, n);
	store_close(&st);
}
END_TEST

/* What a store cannot finish in time is said to be abandoned. */
START_TEST(test_grace)
{
	static struct fake f = {.down_connects = 100};
	struct store st;
	struct sink s;

	prepare(&st, &s, &f);
	s.options.grace = 50;
	ck_assert_int_eq(sink_run(&s, records(ROWS)), STATUS_FAILED);
	store_close(&st);
	ck_assert_uint_eq(s.abandoned, ROWS);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("store");
	TCase *tc = tcase_create("store");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_batches);
	tcase_add_test(tc, test_bytes);
	tcase_add_test(tc, test_linger);
	tcase_add_test(tc, test_away);
	tcase_add_loop_test(tc, test_poison, 0,
	    2 * sizeof(poison) / sizeof(poison[0]));
	tcase_add_test(tc, test_all_poison);
	tcase_add_test(tc, test_check);
	tcase_add_test(tc, test_hopeless);
	tcase_add_test(tc, test_fatal);
	tcase_add_test(tc, test_fatal_for_a_while);
	tcase_add_test(tc, test_hanging);
	tcase_add_test(tc, test_grace);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
