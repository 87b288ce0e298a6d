/* streams: the walk over a list that moves and whose cursors lie. */

#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ctl/streams.h"

static struct streams streams;

/* A page of channels "a b c", of 100 viewers each, and a cursor or NULL. */
static bool
page(const char *logins, const char *cursor)
{
	cJSON *json = cJSON_CreateObject(), *data, *stream;
	char *list = strdup(logins), *rest = list, *login;
	bool more;

	data = cJSON_AddArrayToObject(json, "data");
	while ((login = strsep(&rest, " ")) != NULL) {
		if (*login == '\0')
			continue;
		stream = cJSON_CreateObject();
		cJSON_AddStringToObject(stream, "user_login", login);
		cJSON_AddNumberToObject(stream, "viewer_count", 100);
		cJSON_AddItemToArray(data, stream);
	}
	if (cursor != NULL)
		cJSON_AddStringToObject(cJSON_AddObjectToObject(json,
					    "pagination"),
		    "cursor", cursor);
	more = streams_page(&streams, json, NULL, NULL);
	cJSON_Delete(json);
	free(list);
	return more;
}

static void
begin(int64_t most, int64_t min_viewers)
{
	ck_assert_int_eq(streams_open(&streams, most, min_viewers), 0);
}

static void
has(const char *logins)
{
	char all[256] = "";

	for (size_t i = 0; i < streams.count; i++) {
		strcat(all, i == 0 ? "" : " ");
		strcat(all, streams.logins[i]);
	}
	ck_assert_str_eq(all, logins);
	streams_close(&streams);
}

START_TEST(test_pages)
{
	begin(10, 0);
	ck_assert(page("a b", "1"));
	ck_assert_str_eq(streams.cursor, "1");
	ck_assert(page("c", "2"));
	ck_assert_str_eq(streams.cursor, "2");
	ck_assert(!page("d", NULL));
	has("a b c d");
}
END_TEST

START_TEST(test_enough)
{
	begin(3, 0);
	ck_assert(page("a b", "1"));
	ck_assert(!page("c d", "2"));
	has("a b c");
}
END_TEST

START_TEST(test_exactly_enough)
{
	begin(2, 0);
	ck_assert(!page("a b", "1"));
	has("a b");
}
END_TEST

START_TEST(test_overlap)
{
	begin(10, 0);
	ck_assert(page("a b", "1"));
	ck_assert(page("b c", "2"));
	ck_assert(!page("d a", ""));
	has("a b c d");
}
END_TEST

/* Each of these ends the walk, and what was taken stays. */
static const struct end {
	const char *logins, *cursor;
} ends[] = {
    {"", "2"},    /* an empty page */
    {"a b", "2"}, /* back at the first */
    {"c", "1"},   /* the same cursor again */
    {"c", ""},
    {"c", NULL},
};

START_TEST(test_ends)
{
	begin(10, 0);
	ck_assert(page("a b", "1"));
	ck_assert(!page(ends[_i].logins, ends[_i].cursor));
	has(*ends[_i].logins == 'c' ? "a b c" : "a b");
}
END_TEST

START_TEST(test_min_viewers)
{
	begin(10, 101);
	ck_assert(!page("a b", "1"));
	has("");
	begin(10, 100);
	ck_assert(page("a b", "1"));
	has("a b");
}
END_TEST

START_TEST(test_not_channels)
{
	begin(10, 0);
	ck_assert(page("A ä b-c d,e d", "1"));
	has("a d");
}
END_TEST

static const char *const odd[] = {
    "null",
    "7",
    "[]",
    "{}",
    "{\"data\":null}",
    "{\"data\":7,\"pagination\":7}",
    "{\"data\":[],\"pagination\":{\"cursor\":\"x\"}}",
    ("{\"data\":[null,7,[],{},{\"user_login\":7}],"
     "\"pagination\":{\"cursor\":\"x\"}}"),
};

START_TEST(test_odd)
{
	cJSON *json = cJSON_Parse(odd[_i]);

	begin(10, 0);
	ck_assert(!streams_page(&streams, json, NULL, NULL));
	cJSON_Delete(json);
	has("");
}
END_TEST

static const struct record {
	const char *stream, *record;
} records[] = {
    {"{}",
	"{\"type\":\"stream\",\"timestamp\":5,\"id\":\"-5\","
	"\"viewer_count\":0}"},
    {"{\"id\":\"1\",\"user_login\":\"a\",\"user_id\":\"2\",\"title\":\"\","
     "\"viewer_count\":3,\"started_at\":\"1970-01-01T00:00:01Z\","
     "\"tags\":[],\"is_mature\":true}",
	"{\"type\":\"stream\",\"timestamp\":5,\"channel\":\"a\","
	"\"channel_id\":\"2\",\"id\":\"1-5\",\"stream_id\":\"1\","
	"\"viewer_count\":3,\"started_at\":1000,\"is_mature\":true}"},
    {"{\"started_at\":\"yesterday\",\"tags\":null,\"viewer_count\":\"3\"}",
	"{\"type\":\"stream\",\"timestamp\":5,\"id\":\"-5\","
	"\"viewer_count\":0}"},
};

START_TEST(test_record)
{
	cJSON *stream = cJSON_Parse(records[_i].stream);
	cJSON *record = streams_record(stream, 5);
	char *text = cJSON_PrintUnformatted(record);

	ck_assert_str_eq(text, records[_i].record);
	free(text);
	cJSON_Delete(record);
	cJSON_Delete(stream);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array[0]))

int
main(void)
{
	Suite *s = suite_create("streams");
	TCase *tc = tcase_create("streams");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_pages);
	tcase_add_test(tc, test_enough);
	tcase_add_test(tc, test_exactly_enough);
	tcase_add_test(tc, test_overlap);
	tcase_add_loop_test(tc, test_ends, 0, COUNT(ends));
	tcase_add_test(tc, test_min_viewers);
	tcase_add_test(tc, test_not_channels);
	tcase_add_loop_test(tc, test_odd, 0, COUNT(odd));
	tcase_add_loop_test(tc, test_record, 0, COUNT(records));
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
