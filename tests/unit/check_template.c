/* template: texts with holes that a record's members fill. */

#include <check.h>
#include <stdlib.h>

#include "../../publisher/record/template.h"

static const char record[] =
    "{\"s\":\"text\",\"e\":\"a\\n\\u00e9\",\"n\":-1.5,\"t\":true,\"f\":false,"
    "\"z\":null,\"o\":{\"s\":\"inner\"},\"a\":[1],\"empty\":\"\","
    "\"x y\":\"blank\",\"s\":\"second\"}";

static const struct filled {
	const char *template, *text;
} filled[] = {
    {"", ""},
    {"plain", "plain"},
    {"{s}", "text"},
    {"<{s}-{n}>", "<text--1.5>"},
    {"{s}{s}", "texttext"},
    {"{e}", "a\n\xc3\xa9"},
    {"{t}{f}", "truefalse"},
    {"{x y}", "blank"},
    {"{none|s}", "text"},
    {"{empty|z|o|a|none|n}", "-1.5"},
    {"{s|n}", "text"},
    {"{none|}", ""},
    {"{none|empty|}-", "-"},
    {"{s|}", "text"},
    {"{{s}}", "{s}"},
    {"{{{s}}}", "{text}"},
};

START_TEST(test_filled)
{
	const struct filled *f = &filled[_i];
	struct members members = {0};
	struct text_template t;
	struct slice out;
	const char *why;
	char buf[64];

	ck_assert_int_eq(template_parse(&t, f->template, &members, &why), 0);
	ck_assert_int_eq(members_find(&members, SLICE(record), &why), 0);
	ck_assert_int_eq(template_render(&t, &members, buf, sizeof(buf), &out),
	    0);
	ck_assert(slice_eq(out, slice_of(f->text)));
}
END_TEST

static const struct lacking {
	const char *template, *hole;
} lacking[] = {
    {"{none}", "{none}"},
    {"a{s}b{none|empty}c{n}", "{none|empty}"},
    {"{z}", "{z}"},
    {"{o}", "{o}"},
    {"{a}", "{a}"},
    {"{empty}", "{empty}"},
};

START_TEST(test_lacking)
{
	struct members members = {0};
	struct text_template t;
	struct slice out;
	const char *why;
	char buf[64];

	ck_assert_int_eq(template_parse(&t, lacking[_i].template, &members,
			     &why),
	    0);
	ck_assert_int_eq(members_find(&members, SLICE(record), &why), 0);
	ck_assert_int_eq(template_render(&t, &members, buf, sizeof(buf), &out),
	    -1);
	ck_assert(slice_eq(out, slice_of(lacking[_i].hole)));
}
END_TEST

/* It fits exactly or not at all, and is not written past its room. */
START_TEST(test_room)
{
	static const char text[] = "<text>";
	struct members members = {0};
	struct text_template t;
	struct slice out;
	const char *why;

	ck_assert_int_eq(template_parse(&t, "<{s}>", &members, &why), 0);
	ck_assert_int_eq(members_find(&members, SLICE(record), &why), 0);
	for (size_t size = 0; size < sizeof(text) - 1; size++) {
		char *buf = malloc(size + 1);

		ck_assert_int_eq(template_render(&t, &members, buf, size, &out),
		    -1);
		ck_assert_uint_eq(out.len, 0);
		free(buf);
	}
}
END_TEST

static const char *const wrong[] = {"{", "}", "{s", "s}", "{}", "{|s}",
    "{s||n}", "{|}", "{s{n}}", "a{b}c}", "{a|b|c|d|e|f|g|h|i}",
    "{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m}{n}{o}{p}{q}"};

START_TEST(test_wrong)
{
	struct members members = {0};
	struct text_template t;
	const char *why = NULL;

	ck_assert_int_eq(template_parse(&t, wrong[_i], &members, &why), -1);
	ck_assert_ptr_nonnull(why);
}
END_TEST

START_TEST(test_constant)
{
	struct members members = {0};
	struct text_template t;
	const char *why;

	ck_assert_int_eq(template_parse(&t, "chat{{}}", &members, &why), 0);
	ck_assert(template_constant(&t));
	ck_assert_int_eq(template_parse(&t, "chat-{type}", &members, &why), 0);
	ck_assert(!template_constant(&t));
}
END_TEST

/* What one record has does not stay for the next. */
START_TEST(test_members_of_the_last_record_only)
{
	struct members members = {0};
	const char *why;
	int a = members_want(&members, SLICE("a"));
	int b = members_want(&members, SLICE("b"));

	ck_assert_int_eq(members_want(&members, SLICE("a")), a);
	ck_assert_int_eq(members_find(&members, SLICE("{\"a\":1}"), &why), 0);
	ck_assert(members.list[a].found && !members.list[b].found);
	ck_assert_int_eq(members_find(&members, SLICE("{\"b\":1}"), &why), 0);
	ck_assert(!members.list[a].found && members.list[b].found);
	ck_assert_int_eq(members_find(&members, SLICE("{\"b\":1"), &why), -1);
	ck_assert_str_eq(why, "the object does not end");
}
END_TEST

static const struct number {
	const char *record;
	int64_t v;
} numbers[] = {
    {"{\"n\":0}", 0},
    {"{\"n\":1763688123456}", 1763688123456},
    {"{\"n\":999999999999999}", 999999999999999},
    {"{\"n\":1000000000000000}", -1},
    {"{\"n\":99999999999999999999999}", -1},
    {"{\"n\":-1}", -1},
    {"{\"n\":1.5}", -1},
    {"{\"n\":1e3}", -1},
    {"{\"n\":\"1\"}", -1},
    {"{\"n\":null}", -1},
    {"{}", -1},
};

START_TEST(test_number)
{
	struct members members = {0};
	const char *why;
	int n = members_want(&members, SLICE("n"));

	ck_assert_int_eq(members_find(&members, slice_of(numbers[_i].record),
			     &why),
	    0);
	ck_assert_int_eq(member_number(&members.list[n]), numbers[_i].v);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("template");
	TCase *tc = tcase_create("template");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_filled, 0,
	    sizeof(filled) / sizeof(filled[0]));
	tcase_add_loop_test(tc, test_lacking, 0,
	    sizeof(lacking) / sizeof(lacking[0]));
	tcase_add_test(tc, test_room);
	tcase_add_loop_test(tc, test_wrong, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tc, test_constant);
	tcase_add_test(tc, test_members_of_the_last_record_only);
	tcase_add_loop_test(tc, test_number, 0,
	    sizeof(numbers) / sizeof(numbers[0]));
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
