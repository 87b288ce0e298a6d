/* envelope: topic, key, time and type of a record. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../publisher/kafka/envelope.h"

#define KEY "{channel_id|channel|}"

static void
open_envelope(struct envelope *e, const char *topic, const char *key)
{
	ck_assert_int_eq(envelope_open(e, topic, key), 0);
	ck_assert_int_eq(envelope_reserve(e, 1024), 0);
}

static const struct filled {
	const char *topic, *record, *want_topic, *want_key;
	int64_t timestamp;
	const char *type;
} filled[] = {
    {"chat",
	"{\"type\":\"message\",\"timestamp\":5,\"channel\":\"chess\","
	"\"channel_id\":\"42\",\"received\":6}",
	"chat", "42", 5, "message"},
    {"chat", "{\"type\":\"gap\",\"channel\":\"chess\",\"received\":6}", "chat",
	"chess", 6, "gap"},
    {"chat", "{\"type\":\"connected\"}", "chat", "", 0, "connected"},
    {"chat", "{\"channel\":\"a\\u0062\",\"timestamp\":\"5\"}", "chat", "ab", 0,
	""},
    {"chat", "{}", "chat", "", 0, ""},
    {"chat", "{\"type\":7}", "chat", "", 0, "7"},
    {"chat-{type}", "{\"type\":\"raid\",\"channel\":\"b\"}", "chat-raid", "b",
	0, "raid"},
};

START_TEST(test_filled)
{
	const struct filled *f = &filled[_i];
	struct envelope e;

	open_envelope(&e, f->topic, KEY);
	ck_assert_int_eq(envelope_fill(&e, slice_of(f->record)), 0);
	ck_assert_str_eq(e.topic, f->want_topic);
	ck_assert(slice_eq(e.key, slice_of(f->want_key)));
	ck_assert_int_eq(e.timestamp, f->timestamp);
	ck_assert(slice_eq(e.type, slice_of(f->type)));
	ck_assert_int_eq(e.one_topic, strchr(f->topic, '{') == NULL);
	envelope_close(&e);
}
END_TEST

static const struct refused {
	const char *topic, *key, *record, *why;
} refused[] = {
    {"chat", KEY, "", "not a JSON object"},
    {"chat", KEY, "[1]", "not a JSON object"},
    {"chat", KEY, "{\"a\":1", "the object does not end"},
    {"chat", "{id}", "{\"a\":1}", "no value for {id}"},
    {"chat-{type}", KEY, "{\"a\":1}", "no value for {type}"},
    {"chat-{type}", KEY, "{\"type\":\"a b\"}",
	"'chat-a b' is not a topic name: letters, digits, '.', '_' and '-', "
	"at most 249"},
    {"chat-{type}", KEY, "{\"type\":\"a\\u0000\"}",
	"'chat-a' is not a topic name: letters, digits, '.', '_' and '-', "
	"at most 249"},
};

START_TEST(test_refused)
{
	const struct refused *r = &refused[_i];
	struct envelope e;

	open_envelope(&e, r->topic, r->key);
	ck_assert_int_eq(envelope_fill(&e, slice_of(r->record)), -1);
	ck_assert_str_eq(e.why, r->why);
	/* The next record is none the worse for it. */
	ck_assert_int_eq(envelope_fill(&e,
			     SLICE("{\"type\":\"t\",\"id\":\"i\"}")),
	    0);
	envelope_close(&e);
}
END_TEST

/* A key may be as long as a record, and no longer. */
START_TEST(test_long_key)
{
	char record[1100];
	struct envelope e;
	int n = sprintf(record, "{\"k\":\"%01017d\"}", 0);

	ck_assert_int_eq(envelope_open(&e, "chat", "{k}{k}"), 0);
	ck_assert_int_eq(envelope_reserve(&e, 1024), 0);
	ck_assert_int_eq(envelope_fill(&e, (struct slice){record, (size_t)n}),
	    -1);
	ck_assert_str_eq(e.why, "its key or topic is too long");
	envelope_close(&e);
}
END_TEST

static const struct {
	const char *topic, *key;
} wrong[] = {{"", KEY}, {"a b", KEY}, {"chat/", KEY}, {"chat-{type", KEY},
    {"chat", "{a"}, {"chat", "}"}};

START_TEST(test_wrong_templates)
{
	struct envelope e;

	ck_assert_int_eq(envelope_open(&e, wrong[_i].topic, wrong[_i].key), -1);
	ck_assert(e.why[0] != '\0');
}
END_TEST

START_TEST(test_longest_topic)
{
	char topic[252];
	struct envelope e;

	memset(topic, 'x', sizeof(topic));
	topic[250] = '\0';
	ck_assert_int_eq(envelope_open(&e, topic, KEY), -1);
	topic[249] = '\0';
	ck_assert_int_eq(envelope_open(&e, topic, KEY), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("envelope");
	TCase *tc = tcase_create("envelope");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_filled, 0,
	    sizeof(filled) / sizeof(filled[0]));
	tcase_add_loop_test(tc, test_refused, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, test_long_key);
	tcase_add_loop_test(tc, test_wrong_templates, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tc, test_longest_topic);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
