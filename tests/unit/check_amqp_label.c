/* amqp_label: what goes around a record on its way to an exchange. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../publisher/amqp/amqp_label.h"

START_TEST(test_an_event)
{
	static const char record[] =
	    "{\"type\":\"message\",\"timestamp\":1763688123456,"
	    "\"received\":7,\"channel\":\"chess\",\"id\":\"a\\u002db\"}";
	struct amqp_label l;

	ck_assert_int_eq(amqp_label_open(&l, "chat.{channel|}"), 0);
	ck_assert_int_eq(amqp_label_fill(&l, SLICE(record)), 0);
	ck_assert(slice_eq(l.message.key, SLICE("chat.chess")));
	ck_assert(slice_eq(l.message.body, SLICE(record)));
	ck_assert(slice_eq(l.message.id, SLICE("a-b")));
	ck_assert(slice_eq(l.message.type, SLICE("message")));
	ck_assert_int_eq(l.message.timestamp, 1763688123456);
}
END_TEST

START_TEST(test_no_event)
{
	struct amqp_label l;

	ck_assert_int_eq(amqp_label_open(&l, "chat.{channel|}"), 0);
	ck_assert_int_eq(amqp_label_fill(&l, SLICE("{\"id\":null}")), 0);
	ck_assert(slice_eq(l.message.key, SLICE("chat.")));
	ck_assert_uint_eq(l.message.id.len, 0);
	ck_assert_uint_eq(l.message.type.len, 0);
	ck_assert_int_eq(l.message.timestamp, -1);
}
END_TEST

START_TEST(test_lengths)
{
	char record[1024];
	struct amqp_label l;

	ck_assert_int_eq(amqp_label_open(&l, "{key}"), 0);
	snprintf(record, sizeof(record),
	    "{\"key\":\"%0*d\",\"id\":\"%0*d\",\"type\":\"%0*d\"}",
	    EXCHANGE_KEY_MAX, 1, EXCHANGE_KEY_MAX, 2, EXCHANGE_KEY_MAX + 1, 3);
	ck_assert_int_eq(amqp_label_fill(&l, slice_of(record)), 0);
	ck_assert_uint_eq(l.message.key.len, EXCHANGE_KEY_MAX);
	ck_assert_uint_eq(l.message.id.len, EXCHANGE_KEY_MAX);
	ck_assert_uint_eq(l.message.type.len, 0);
	snprintf(record, sizeof(record), "{\"key\":\"%0*d\"}",
	    EXCHANGE_KEY_MAX + 1, 1);
	ck_assert_int_eq(amqp_label_fill(&l, slice_of(record)), -1);
	ck_assert_str_eq(l.why, "its key is longer than 255 bytes");
}
END_TEST

static const struct refused {
	const char *record, *why;
} refused[] = {
    {"nonsense", "not a JSON object"},
    {"{}", "no value for {key}"},
    {"{\"key\":\"\"}", "no value for {key}"},
};

START_TEST(test_refused)
{
	struct amqp_label l;

	ck_assert_int_eq(amqp_label_open(&l, "{key}"), 0);
	ck_assert_int_eq(amqp_label_fill(&l, slice_of(refused[_i].record)), -1);
	ck_assert_str_eq(l.why, refused[_i].why);
}
END_TEST

START_TEST(test_wrong)
{
	struct amqp_label l;

	ck_assert_int_eq(amqp_label_open(&l, "{key"), -1);
	ck_assert_str_ne(l.why, "");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("amqp_label");
	TCase *tc = tcase_create("amqp_label");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_an_event);
	tcase_add_test(tc, test_no_event);
	tcase_add_test(tc, test_lengths);
	tcase_add_loop_test(tc, test_refused, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, test_wrong);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
