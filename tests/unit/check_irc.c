/*
 * irc, tags: the grammar of a message, by the cases of ircdocs' parser-tests
 * in our own words. IRC_MESSAGES and IRC_SOURCES name files with the original
 * ones, as tests/vectors.py writes them.
 */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../classifier/irc.h"
#include "../../classifier/tags.h"
#include "../../classifier/value.h"
#include "json.h"
#include "line.h"
#include "scan.h"

enum { ROOM = 64 * 1024 };

/* Tags as key=value without escapes, a unit separator after each. */
static const struct vector {
	const char *line, *tags, *source, *command, *params;
} vectors[] = {
    {"one two three", "", "", "one", "two\37three\37"},
    {":a one two three", "", "a", "one", "two\37three\37"},
    {"one two :three four", "", "", "one", "two\37three four\37"},
    {"one two :", "", "", "one", "two\37\37"},
    {"one two ::three", "", "", "one", "two\37:three\37"},
    {":a one two :three four", "", "a", "one", "two\37three four\37"},
    {":a one two :  three four ", "", "a", "one", "two\37  three four \37"},
    {":a PRIVMSG b :c :) ", "", "a", "PRIVMSG", "b\37c :) \37"},
    {":a one two :", "", "a", "one", "two\37\37"},
    {":a one two :  ", "", "a", "one", "two\37  \37"},
    {"@x=1;y=22;z;w=vw one", "x=1\37y=22\37w=vw\37", "", "one", ""},
    {"@x=1\\\\2\\n3;y=4\\s5;z=6\\:7 one", "x=1\\2\n3\37y=4 5\37z=6;7\37", "",
	"one", ""},
    {"@x;y=;z=1 :a one two", "z=1\37", "a", "one", "two\37"},
    {":a JOIN #b", "", "a", "JOIN", "#b\37"},
    {":a JOIN :#b", "", "a", "JOIN", "#b\37"},
    {":a AWAY", "", "a", "AWAY", ""},
    {":a AWAY ", "", "a", "AWAY", ""},
    {":a\tb one two", "", "a\tb", "one", "two\37"},
    {":a!b@c\x03"
     "5d\x03"
     "e PRIVMSG f :g h",
	"",
	"a!b@c\x03"
	"5d\x03"
	"e",
	"PRIVMSG", "f\37g h\37"},
    {":a!~b@c\x02"
     "d\x0f"
     "e PRIVMSG f :g h",
	"",
	"a!~b@c\x02"
	"d\x0f"
	"e",
	"PRIVMSG", "f\37g h\37"},
    {"@x=1;y;v/z=2;v2/w= :a.b one two :three four", "x=1\37v/z=2\37", "a.b",
	"one", "two\37three four\37"},
    {":a.b one two :three four", "", "a.b", "one", "two\37three four\37"},
    {"@x=1;y;v/z=2;v2/w one two :three four", "x=1\37v/z=2\37", "", "one",
	"two\37three four\37"},
    {"ONE", "", "", "ONE", ""},
    {"@x=\\\\\\\\\\:\\\\s\\s\\r\\n ONE", "x=\\\\;\\s \r\n\37", "", "ONE", ""},
    {":a.b 432  #c :d: e f", "", "a.b", "432", "#c\37d: e f\37"},
    {":a.b MODE #c +n ", "", "a.b", "MODE", "#c\37+n\37"},
    {":a.b MODE #c +o d  ", "", "a.b", "MODE", "#c\37+o\37d\37"},
    {"@x=one\\\\ntwo ONE", "x=one\\ntwo\37", "", "ONE", ""},
    {"@x=one\\1 ONE", "x=one1\37", "", "ONE", ""},
    {"@x=one\\ ONE", "x=one\37", "", "ONE", ""},
    {"@x=1;y=3;z=4;x=5 ONE", "y=3\37z=4\37x=5\37", "", "ONE", ""},
    {"@x=1;y=3;x=5;v/y=8 ONE", "y=3\37x=5\37v/y=8\37", "", "ONE", ""},
    {":a MODE #b :+i", "", "a", "MODE", "#b\37+i\37"},
    {":a MODE #b +oo c :d", "", "a", "MODE", "#b\37+oo\37c\37d\37"},
    /* and beyond them */
    {"@x=1  :a   one    two   :  three", "x=1\37", "a", "one",
	"two\37  three\37"},
    {"@x==1=;=2;;;y==\\s ONE", "x==1=\37=2\37y== \37", "", "ONE", ""},
    {"@x=\\;y=\\\\ ONE", "y=\\\37", "", "ONE", ""},
};

static struct event event;

static char *
put_tags(char *p, const struct event *e)
{
	for (size_t i = 0; i < e->others_count; i++) {
		const struct other *o = &e->others[i];
		struct slice json;
		char text[ROOM];

		if (o->kind == OTHER_NONE)
			continue;
		p = json_raw(p, o->key);
		*p++ = '=';
		json.p = text;
		json.len = (size_t)(value_put(text, o->value, false) - text);
		p = scan_unescape(p, json);
		*p++ = '\37';
	}
	*p = '\0';
	return p;
}

static void
compare(const struct vector *v)
{
	char text[ROOM], got[ROOM], *p = got;
	struct irc_message msg;
	struct slice line, param;

	snprintf(text, sizeof(text), "%s", v->line);
	line = slice_of(text);
	event_clear(&event);
	if (*line.p == '@')
		ck_assert_ptr_null(tags_read(&event, &line));
	put_tags(got, &event);
	ck_assert_str_eq(got, v->tags);

	ck_assert_ptr_null(irc_split(line, &msg));
	*json_raw(got, msg.source) = '\0';
	ck_assert_str_eq(got, v->source);
	*json_raw(got, msg.command) = '\0';
	ck_assert_str_eq(got, v->command);
	while (irc_param(&msg.params, &param)) {
		p = json_raw(p, param);
		*p++ = '\37';
	}
	*p = '\0';
	ck_assert_str_eq(got, v->params);
}

START_TEST(test_split)
{
	tags_open();
	compare(&vectors[_i]);
}
END_TEST

static const char *const no_message[] = {"", " ", ":a", ":a ", " one", ":"};

START_TEST(test_split_refuses)
{
	char text[64 + LINE_SLACK] = "";
	struct irc_message msg;

	snprintf(text, 64, "%s", no_message[_i]);
	ck_assert_ptr_nonnull(irc_split(slice_of(text), &msg));
}
END_TEST

/* Fields by a unit separator, lists' by a record separator, cases by a group
   separator. */
static char *
original_cases(const char *variable)
{
	const char *path = getenv(variable);
	char *text = NULL;
	size_t size = 0;
	FILE *file;

	if (path == NULL)
		return NULL;
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
	fclose(file);
	return text;
}

START_TEST(test_original_messages)
{
	char *text = original_cases("IRC_MESSAGES"), *rest = text, *one;
	size_t n = 0;

	if (text == NULL)
		return;
	tags_open();
	for (; (one = strsep(&rest, "\35")) != NULL && *one; n++) {
		struct vector v = {.line = strsep(&one, "\36")};

		v.tags = strsep(&one, "\36");
		v.source = strsep(&one, "\36");
		v.command = strsep(&one, "\36");
		v.params = one;
		compare(&v);
	}
	ck_assert_uint_eq(n, 35);
	free(text);
}
END_TEST

static const struct {
	const char *source, *nick, *user, *host;
} sources[] = {
    {"one", "one", "", ""},
    {"one!two@127.0.0.1", "one", "two", "127.0.0.1"},
    {"one!~two@three", "one", "~two", "three"},
    {"one@127.0.0.1", "one", "", "127.0.0.1"},
    {"one!two", "one", "two", ""},
    {"one!two@th\x03ree\x03.four", "one", "two", "th\x03ree\x03.four"},
    {"one!~two@t\x02hree\x0f.four", "one", "~two", "t\x02hree\x0f.four"},
    {"", "", "", ""},
};

static void
compare_source(const char *source, const char *nick, const char *user,
    const char *host)
{
	char text[64 + LINE_SLACK] = "";
	struct irc_source s;

	snprintf(text, 64, "%s", source);
	s = irc_source(slice_of(text));
	ck_assert(slice_eq(s.nick, slice_of(nick)));
	ck_assert(slice_eq(s.user, slice_of(user)));
	ck_assert(slice_eq(s.host, slice_of(host)));
}

START_TEST(test_source)
{
	compare_source(sources[_i].source, sources[_i].nick, sources[_i].user,
	    sources[_i].host);
}
END_TEST

START_TEST(test_original_sources)
{
	char *text = original_cases("IRC_SOURCES"), *rest = text, *one;
	size_t n = 0;

	if (text == NULL)
		return;
	for (; (one = strsep(&rest, "\35")) != NULL && *one; n++) {
		const char *source = strsep(&one, "\36");
		const char *nick = strsep(&one, "\36");
		const char *user = strsep(&one, "\36");

		compare_source(source, nick, user, one);
	}
	ck_assert_uint_eq(n, 7);
	free(text);
}
END_TEST

static const char *const no_tags[] = {"@", "@a", "@a=b", "@a=b;c", "@a;"};

START_TEST(test_tags_without_an_end)
{
	char text[64 + 2 * LINE_SLACK] = "";
	struct slice line;

	/* What lies behind the line is none of its business. */
	memset(text, ' ', sizeof(text));
	memcpy(text, no_tags[_i], strlen(no_tags[_i]));
	line = (struct slice){text, strlen(no_tags[_i])};
	tags_open();
	event_clear(&event);
	ck_assert_ptr_nonnull(tags_read(&event, &line));
}
END_TEST

START_TEST(test_every_key_has_its_field)
{
	tags_open();
	for (int f = 0; f < FIELD_COUNT; f++) {
		struct slice tag = field_info[f].tag;
		char text[128] = "";
		struct slice line = {text, tag.len + 4};

		if (tag.len == 0)
			continue;
		snprintf(text, sizeof(text), "@%s=v ", tag.p);
		event_clear(&event);
		ck_assert_ptr_null(tags_read(&event, &line));
		ck_assert(event_has(&event, (enum field)f));
		ck_assert_uint_eq(event.others_count, 0);
		/* One byte more or less is another key. */
		line = (struct slice){text, tag.len + 3};
		text[tag.len] = '=';
		text[tag.len + 1] = 'v';
		text[tag.len + 2] = ' ';
		event_clear(&event);
		ck_assert_ptr_null(tags_read(&event, &line));
		ck_assert(!event_has(&event, (enum field)f));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("irc");
	TCase *tc = tcase_create("irc");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_split, 0,
	    sizeof(vectors) / sizeof(vectors[0]));
	tcase_add_loop_test(tc, test_split_refuses, 0,
	    sizeof(no_message) / sizeof(no_message[0]));
	tcase_add_test(tc, test_original_messages);
	tcase_add_loop_test(tc, test_source, 0,
	    sizeof(sources) / sizeof(sources[0]));
	tcase_add_test(tc, test_original_sources);
	tcase_add_loop_test(tc, test_tags_without_an_end, 0,
	    sizeof(no_tags) / sizeof(no_tags[0]));
	tcase_add_test(tc, test_every_key_has_its_field);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
