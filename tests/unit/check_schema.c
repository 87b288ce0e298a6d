/* schema: from version to version, as SQLite's store goes through it. */

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../publisher/sql/sqlite_store.h"

enum { RECORDS = 500, RECORD_MAX = 1000 };

static char dir[64], path[128];
static struct store_batch batch;

static char *
add_column(const struct schema_dialect *d, char *p)
{
	(void)d;
	return stpcpy(p,
	    "ALTER TABLE events ADD COLUMN extra text;\n"
	    "UPDATE events SET extra = 'was ' || id;\n");
}

static char *
fail_halfway(const struct schema_dialect *d, char *p)
{
	return stpcpy(add_column(d, p),
	    "DELETE FROM events;\nSELECT nonsense;\n");
}

static char *(*steps[2])(const struct schema_dialect *, char *);
static const struct schema one = {1, steps}, two = {2, steps};

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/check_schema.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/db", dir);
	steps[0] = schema_events.steps[0];
	steps[1] = add_column;
}

static void
teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

/* A store that knows this schema; connected, or not. */
static enum store_result
begin(struct sqlite_store *s, const struct schema *schema)
{
	*s = (struct sqlite_store){.path = path, .schema = schema};
	ck_assert_int_eq(row_open(&s->row, RECORD_MAX), 0);
	batch = (struct store_batch){0};
	return sqlite_store_ops.connect(s, &batch);
}

static void
end(struct sqlite_store *s)
{
	sqlite_store_ops.close(s);
	row_close(&s->row);
}

/* Write so many records, whose ids are numbers from `first` on. */
static void
store(struct sqlite_store *s, int first, int n)
{
	static char texts[RECORDS][64];
	struct slice records[RECORDS];
	struct store_batch b = {.records = records, .count = (size_t)n};

	for (int i = 0; i < n; i++) {
		snprintf(texts[i], sizeof(texts[i]),
		    "{\"type\":\"message\",\"id\":\"%d\"}", first + i);
		records[i] = slice_of(texts[i]);
	}
	ck_assert_int_eq(sqlite_store_ops.write(s, &b), STORE_DONE);
}

/* The number that a query of the file gives; -1 when it is wrong. */
static int
ask(const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db;
	int n = -1;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static int
version(void)
{
	return ask("SELECT sum(version) FROM twitch_schema");
}

static int
events(void)
{
	return ask("SELECT count(DISTINCT id) FROM events");
}

/* A database of version 1 with records. */
static void
old_database(void)
{
	struct sqlite_store s;

	ck_assert_int_eq(begin(&s, &one), STORE_DONE);
	store(&s, 0, RECORDS);
	end(&s);
	ck_assert_int_eq(version(), 1);
	ck_assert_int_eq(events(), RECORDS);
}

START_TEST(test_a_release_makes_its_own_version)
{
	struct sqlite_store s;

	ck_assert_int_eq(begin(&s, &schema_events), STORE_DONE);
	end(&s);
	ck_assert_int_eq(version(), schema_events.version);
}
END_TEST

START_TEST(test_all_steps_from_nothing)
{
	struct sqlite_store s;

	ck_assert_int_eq(begin(&s, &two), STORE_DONE);
	store(&s, 0, 1);
	end(&s);
	ck_assert_int_eq(version(), 2);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE extra IS NULL"),
	    1);
}
END_TEST

START_TEST(test_an_older_one_is_brought_up)
{
	struct sqlite_store s;

	old_database();
	ck_assert_int_eq(begin(&s, &two), STORE_DONE);
	ck_assert_int_eq(version(), 2);
	ck_assert_int_eq(events(), RECORDS);
	ck_assert_int_eq(
	    ask("SELECT count(*) FROM events WHERE extra = 'was ' || id"),
	    RECORDS);
	store(&s, RECORDS - 10, 20);
	end(&s);
	ck_assert_int_eq(events(), RECORDS + 10);
	ck_assert_int_eq(ask("SELECT count(*) FROM text_messages"),
	    RECORDS + 10);
	/* And then there is nothing to do. */
	steps[1] = fail_halfway;
	ck_assert_int_eq(begin(&s, &two), STORE_DONE);
	end(&s);
}
END_TEST

START_TEST(test_all_of_a_step_or_nothing)
{
	struct sqlite_store s;

	old_database();
	steps[1] = fail_halfway;
	ck_assert_int_eq(begin(&s, &two), STORE_FATAL);
	ck_assert_ptr_nonnull(strstr(batch.why, "nonsense"));
	end(&s);
	ck_assert_int_eq(version(), 1);
	ck_assert_int_eq(events(), RECORDS);
	ck_assert_int_eq(ask("SELECT count(extra) FROM events"), -1);
	steps[1] = add_column;
	ck_assert_int_eq(begin(&s, &two), STORE_DONE);
	end(&s);
	ck_assert_int_eq(version(), 2);
	ck_assert_int_eq(ask("SELECT count(extra) FROM events"), RECORDS);
}
END_TEST

START_TEST(test_an_older_release_writes_meanwhile)
{
	struct sqlite_store older, newer;

	ck_assert_int_eq(begin(&older, &one), STORE_DONE);
	store(&older, 0, 10);
	ck_assert_int_eq(begin(&newer, &two), STORE_DONE);
	store(&older, 5, 10);
	store(&newer, 10, 10);
	end(&older);
	end(&newer);
	ck_assert_int_eq(version(), 2);
	ck_assert_int_eq(events(), 20);
}
END_TEST

START_TEST(test_a_newer_one_is_left_alone)
{
	struct sqlite_store s;

	old_database();
	ck_assert_int_eq(begin(&s, &two), STORE_DONE);
	end(&s);
	ck_assert_int_eq(begin(&s, &one), STORE_FATAL);
	end(&s);
	ck_assert_int_eq(batch.status, STATUS_USAGE);
	ck_assert_ptr_nonnull(strstr(batch.why,
	    "newer release: its schema is version 2, this one knows 1"));
	ck_assert_int_eq(version(), 2);
	ck_assert_int_eq(events(), RECORDS);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("schema");
	TCase *tc = tcase_create("schema");
	SRunner *sr = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_release_makes_its_own_version);
	tcase_add_test(tc, test_all_steps_from_nothing);
	tcase_add_test(tc, test_an_older_one_is_brought_up);
	tcase_add_test(tc, test_all_of_a_step_or_nothing);
	tcase_add_test(tc, test_an_older_release_writes_meanwhile);
	tcase_add_test(tc, test_a_newer_one_is_left_alone);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
