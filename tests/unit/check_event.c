/* event and what it is made of: badges, params, settled values. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../classifier/event.h"
#include "../../classifier/param.h"
#include "../../classifier/project.h"
#include "line.h"
#include "padded.h"

static const struct {
	const char *tag, *want; /* set=version, in order */
	bool whole;
} badges[] = {
    {"a/1", "a=1 ", true},
    {"a/1,b/", "a=1 b= ", true},
    {"a/1/2,b/3", "a=1/2 b=3 ", true},
    {"a", "", false},
    {"/1", "", false},
    {"a/1,,b/2", "a=1 b=2 ", false},
    {"a/1,", "a=1 ", false},
    {"a/1,a/2", "a=1 ", false},
    {"a\\s/1", "", false},
};

START_TEST(test_badges)
{
	static struct badges b;
	char buf[ROOM], got[ROOM] = "";

	ck_assert_int_eq(badges_read(&b, padded(buf, badges[_i].tag)),
	    badges[_i].whole);
	for (size_t i = 0; i < b.count; i++)
		sprintf(got + strlen(got), "%.*s=%.*s ",
		    (int)b.badge[i].set.len, b.badge[i].set.p,
		    (int)b.badge[i].version.len, b.badge[i].version.p);
	ck_assert_str_eq(got, badges[_i].want);
}
END_TEST

static const struct {
	const char *key, *name;
} params[] = {{"msg-param-sub-plan", "sub_plan"},
    {"msg-param-viewerCount", "viewer_count"},
    {"msg-param-profileImageURL", "profile_image_url"},
    {"msg-param-URLOf", "urlof"}, {"msg-param-a1B2", "a1_b2"},
    {"msg-param-", ""}, {"msg-param", ""}, {"msg-id", ""},
    {"msg-param-a_b", ""}, {"msg-param-\xc3\xa9", ""}, {"msg-param-x", "x"}};

START_TEST(test_param_names)
{
	char name[PARAM_NAME_MAX];
	struct slice got = {name, 0};

	got.len = param_name(name, slice_of(params[_i].key));
	ck_assert(slice_eq(got, slice_of(params[_i].name)));
}
END_TEST

START_TEST(test_param_name_too_long)
{
	char key[PARAM_NAME_MAX + 32], name[PARAM_NAME_MAX];

	memset(key, 'x', sizeof(key));
	memcpy(key, "msg-param-", 10);
	ck_assert_uint_eq(param_name(name, (struct slice){key, sizeof(key)}),
	    0);
}
END_TEST

static const struct {
	const char *text;
	bool is;
} integers[] = {{"0", true}, {"7", true}, {"-7", true}, {"", false},
    {"-", false}, {"-0", false}, {"07", false}, {"1763688123456", true},
    {"999999999999999999", true}, {"-999999999999999999", true},
    {"1000000000000000000", false}, {"1.5", false}, {"1e5", false},
    {"+1", false}, {" 1", false}, {"12345678901234567a", false}};

START_TEST(test_integers)
{
	char buf[ROOM];

	ck_assert_int_eq(event_is_integer(padded(buf, integers[_i].text)),
	    integers[_i].is);
}
END_TEST

START_TEST(test_names_and_fields)
{
	field_open();
	for (int f = 0; f < FIELD_COUNT; f++) {
		const struct field_info *info = &field_info[f];
		const char *object = f <= FIELD_TOP_END ? "" :
		    f < FIELD_REPLY_END                 ? "reply." :
		    f < FIELD_PAID_END                  ? "paid." :
		    f < FIELD_SOURCE_END                ? "source." :
							  "params.";
		char name[64];

		if (info->name == NULL || *info->name == '\0')
			continue;
		snprintf(name, sizeof(name), "%s%s", object, info->name);
		ck_assert_int_eq(field_of_name(slice_of(name)), f);
		/* The head is copied whole. */
		ck_assert_uint_eq(info->head_len, strlen(info->name) + 4);
		ck_assert_uint_lt(info->head_len, sizeof(info->head));
	}
	ck_assert_int_eq(field_of_name(SLICE("login")), -1);
	ck_assert_int_eq(field_of_name(SLICE("")), -1);
	ck_assert_int_eq(field_of_name(SLICE("reply.")), -1);
	ck_assert_int_eq(field_of_name(SLICE("reply")), -1);
}
END_TEST

START_TEST(test_projection_errors)
{
	static const char *const bad[] = {"nonsense", "a=nonsense", "=id",
	    "a=", "", "id,", "id,id", "id:iso", "reply:iso", "tags.",
	    "params."};
	char error[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		static struct projection pr;

		pr.count = 0;
		ck_assert_msg(project_parse(&pr, bad[i], error) == -1, "%s",
		    bad[i]);
		ck_assert_uint_gt(strlen(error), 0);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("event");
	TCase *tc = tcase_create("event");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_badges, 0,
	    sizeof(badges) / sizeof(badges[0]));
	tcase_add_loop_test(tc, test_param_names, 0,
	    sizeof(params) / sizeof(params[0]));
	tcase_add_test(tc, test_param_name_too_long);
	tcase_add_loop_test(tc, test_integers, 0,
	    sizeof(integers) / sizeof(integers[0]));
	tcase_add_test(tc, test_names_and_fields);
	tcase_add_test(tc, test_projection_errors);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
