/* row: records as rows of the tables of the SQL stores. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../lib/scan.h"
#include "../../publisher/sql/repair.h"
#include "../../publisher/sql/row.h"

enum { RECORD_MAX = 4096 };

static struct row row;

/* The value of a column of the record that was filled in last. */
static const struct row_value *
value(const char *column)
{
	for (size_t i = 0; i < row.table->count; i++)
		if (strcmp(row.table->columns[i].name, column) == 0)
			return &row.values[i];
	ck_abort_msg("no column %s", column);
}

static void
assert_text(const char *column, const char *want)
{
	const struct row_value *v = value(column);

	ck_assert(!v->null);
	ck_assert_uint_eq(v->text.len, strlen(want));
	ck_assert_mem_eq(v->text.p, want, v->text.len);
}

static void
fill(const char *record)
{
	ck_assert_int_eq(row_fill(&row, slice_of(record)), 0);
}

static void
setup(void)
{
	ck_assert_int_eq(row_open(&row, RECORD_MAX), 0);
}

static void
teardown(void)
{
	row_close(&row);
}

START_TEST(test_event)
{
	static const char record[] =
	    "{\"type\":\"message\",\"timestamp\":1763688123301,"
	    "\"channel\":\"chess\",\"id\":\"4f6d\",\"username\":\"ada\","
	    "\"badges\":{\"vip\":\"1\"},\"mod\":true,\"vip\":false,"
	    "\"message\":\"a \\\"b\\\"\\u00e9\",\"emotes\":[],\"bits\":100}";

	fill(record);
	ck_assert_str_eq(row.table->name, "events");
	assert_text("id", "4f6d");
	assert_text("type", "message");
	assert_text("message", "a \"b\"\303\251");
	assert_text("badges", "{\"vip\":\"1\"}");
	assert_text("emotes", "[]");
	assert_text("event", record);
	ck_assert_int_eq(value("timestamp")->number, 1763688123301);
	ck_assert_int_eq(value("bits")->number, 100);
	ck_assert_int_eq(value("mod")->number, 1);
	ck_assert_int_eq(value("vip")->number, 0);
	ck_assert(!value("subscriber")->null);
	ck_assert_int_eq(value("subscriber")->number, 0);
	ck_assert(value("duration")->null);
	ck_assert(value("received")->null);
	ck_assert(value("kind")->null);
}
END_TEST

START_TEST(test_snapshot)
{
	fill("{\"type\":\"stream\",\"timestamp\":7,\"channel\":\"chess\","
	     "\"channel_id\":\"42\",\"id\":\"9-7\",\"kind\":\"live\","
	     "\"stream_id\":\"9\",\"viewer_count\":0,"
	     "\"stream_tags\":[\"a\"]}");
	ck_assert_str_eq(row.table->name, "stream_snapshots");
	assert_text("id", "9-7");
	assert_text("user_login", "chess");
	assert_text("user_id", "42");
	assert_text("type", "live");
	assert_text("tags", "[\"a\"]");
	ck_assert_int_eq(value("viewer_count")->number, 0);
	ck_assert(!value("viewer_count")->null);
	ck_assert_int_eq(value("snapshot_time")->number, 7);
}
END_TEST

/* What has no id of its own gets one of its bytes. */
static const struct {
	const char *record, *key;
} keys[] = {
    {"{\"id\":\"x\"}", "x"},
    {"{\"id\":12}", "12"},
    {"{}", "44136fa355b3678a1146ad16f7e8649e"}, /* sha256sum */
    {"{\"id\":\"\"}", "72d427b7264997760074a94dcc1c9e54"},
    {"{\"id\":null}", "185486091df0b98cd0497e3989191220"},
    {"{\"type\":\"whisper\",\"id\":\"6\"}", "5651839e2ab8ca186367d09b3cec01e7"},
};

START_TEST(test_key)
{
	fill(keys[_i].record);
	assert_text("id", keys[_i].key);
}
END_TEST

START_TEST(test_long_key)
{
	char record[ROW_KEY_MAX + 100];

	snprintf(record, sizeof(record), "{\"id\":\"%0*d\"}", ROW_KEY_MAX, 7);
	fill(record);
	ck_assert_uint_eq(row.values[0].text.len, ROW_KEY_MAX);
	snprintf(record, sizeof(record), "{\"id\":\"%0*d\"}", ROW_KEY_MAX + 1,
	    7);
	fill(record);
	ck_assert_uint_eq(row.values[0].text.len, ROW_HASH);
}
END_TEST

static const char *const no_rows[] = {
    "", "x", "[]", "{", "{\"a\":}", "{}{}", "{\"a\":\"\n\"}"};

START_TEST(test_no_row)
{
	ck_assert_int_eq(row_fill(&row, slice_of(no_rows[_i])), -1);
}
END_TEST

START_TEST(test_too_long)
{
	static char record[RECORD_MAX + 2];

	snprintf(record, sizeof(record), "{\"a\":%0*d}", RECORD_MAX - 6, 7);
	ck_assert_int_eq(row_fill(&row, (struct slice){record, RECORD_MAX}),
	    -1); /* leading zeros are no JSON */
	snprintf(record, sizeof(record), "{\"a\":\"%0*d\"}", RECORD_MAX - 8, 7);
	ck_assert_int_eq(row_fill(&row, slice_of(record)), 0);
	snprintf(record, sizeof(record), "{\"a\":\"%0*d\"}", RECORD_MAX - 7, 7);
	ck_assert_int_eq(row_fill(&row, slice_of(record)), -1);
}
END_TEST

/* Values of other kinds than expected are no values. */
START_TEST(test_other_kinds)
{
	fill("{\"type\":7,\"bits\":\"7\",\"mod\":\"true\",\"badges\":\"x\","
	     "\"message\":{\"a\":1},\"duration\":-5,\"timestamp\":1.5,"
	     "\"received\":99999999999999999999}");
	assert_text("type", "7");
	ck_assert(value("bits")->null);
	ck_assert_int_eq(value("mod")->number, 0);
	ck_assert(value("badges")->null);
	ck_assert(value("message")->null);
	ck_assert(value("duration")->null);
	ck_assert(value("timestamp")->null);
	ck_assert(value("received")->null);
}
END_TEST

#define NONE "\xef\xbf\xbd" /* U+FFFD */

static const struct {
	const char *record, *repaired, *message;
} repairs[] = {
    {"{\"message\":\"\\u0000\"}", "{\"message\":\"\\ufffd\"}", NONE},
    {"{\"message\":\"\\\\u0000\"}", "{\"message\":\"\\\\u0000\"}", "\\u0000"},
    {"{\"message\":\"\\ud83d\\ude00\"}", "{\"message\":\"\\ud83d\\ude00\"}",
	"\xf0\x9f\x98\x80"},
    {"{\"message\":\"\\uDE00\"}", "{\"message\":\"\\ufffd\"}", NONE},
    {"{\"message\":\"\\ud83dx\"}", "{\"message\":\"\\ufffdx\"}", NONE "x"},
    {"{\"message\":\"\\ud83d\\u0041\"}", "{\"message\":\"\\ufffd\\u0041\"}",
	NONE "A"},
    {"{\"message\":\"a\xff\"}", "{\"message\":\"a" NONE "\"}", "a" NONE},
    {"{\"message\":\"\xed\xa0\x80\"}", "{\"message\":\"" NONE NONE NONE "\"}",
	NONE NONE NONE},
};

START_TEST(test_repair)
{
	fill(repairs[_i].record);
	assert_text("event", repairs[_i].repaired);
	assert_text("message", repairs[_i].message);
}
END_TEST

START_TEST(test_columns)
{
	static const char *const types[] = {
	    "KEY", "TEXT", "TIME", "INTEGER", "FLAG", "JSON", "RECORD"};
	char text[ROW_COLUMNS_TEXT];

	for (int i = 0; i < ROW_TABLES; i++)
		ck_assert(row_columns(&row_tables[i], types, text) <
		    text + sizeof(text) / 2);
	ck_assert_ptr_nonnull(strstr(text, "id KEY, stream_id TEXT, "));
	row_columns(&row_tables[0], NULL, text);
	ck_assert_ptr_nonnull(strstr(text, "id, type, timestamp, "));
}
END_TEST

#define LOOP(tc, test, table) \
	tcase_add_loop_test(tc, test, 0, sizeof(table) / sizeof(table[0]))

int
main(void)
{
	Suite *s = suite_create("row");
	TCase *tc = tcase_create("row");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_event);
	tcase_add_test(tc, test_snapshot);
	LOOP(tc, test_key, keys);
	tcase_add_test(tc, test_long_key);
	LOOP(tc, test_no_row, no_rows);
	tcase_add_test(tc, test_too_long);
	tcase_add_test(tc, test_other_kinds);
	LOOP(tc, test_repair, repairs);
	tcase_add_test(tc, test_columns);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
