/* emotes: the ranges of a tag, and the JSON of their spans and names. */

#include <check.h>
#include <stdlib.h>

#include "../../classifier/emotes.h"
#include "../../classifier/write.h"
#include "padded.h"
#include "scan.h"
#include "utf8.h"

static const struct {
	const char *tag, *text, *spans, *names;
	bool whole;
} emotes[] = {
#define LONG                                                 \
	"                                                  " \
	"                                                  "
    {"25:0-4", "Kappa", "25=Kappa ", "Kappa ", true},
    {"25:6-10,0-4", "Kappa Kappa", "25=Kappa 25=Kappa ", "Kappa ", true},
    {"1:6-10/25:0-4", "Kappa Keepo", "1=Keepo 25=Kappa ", "Kappa Keepo ", true},
    {"1:0-0/2:0-0", "x", "1=x 2=x ", "x ", true},
    {"1:1-1,0-0", "\xf0\x9f\x98\x80y", "1=y 1=\xf0\x9f\x98\x80 ",
	"\xf0\x9f\x98\x80 y ", true},
    {"25:3-9,9-9", "Kappa", "25=pa 25= ", "pa ", true},
    {"25:0-9999999", "Kappa", "25=Kappa ", "Kappa ", true},
    {"25:0-1000", "Kappa", "25=Kappa ", "Kappa ", true},
    {"25:0-0001", "Kappa", "", "", false},
    {"25:0-10000000", "Kappa", "", "", false},
    {"25:04", "Kappa", "", "", false},
    {"25:00-4", "Kappa", "", "", false},
    {"25:4-3", "Kappa", "", "", false},
    {"25:00-04", "Kappa", "", "", false},
    {"25:000-004", "Kappa", "", "", false},
    {"25:14-13", "Kappa Kappa Kappa", "", "", false},
    {"25:12-16,00-04", "Kappa Kappa Kappa", "25=Kappa ", "Kappa ", false},
    {"25:12-15x,0-4", "Kappa Kappa Kappa", "25=Kappa ", "Kappa ", false},
    {"25:12-1\xb6,0-4", "Kappa Kappa Kappa", "25=Kappa ", "Kappa ", false},
    {"25:12-16,11-16,12-17", "Kappa Kappa Keepo!",
	"25=Keepo 25= Keepo 25=Keepo! ", " Keepo Keepo Keepo! ", true},
    {"1:18-22,12-16/2:17-17", "Kappa Kappa Kappa Kappa",
	"1=Kappa 1=Kappa 2=  ", "Kappa   ", true},
    {"25:10-14,18-22", "          Kappa \xc3\xa9KappaX", "25=Kappa 25=appaX ",
	"Kappa appaX ", true},
    {"25:11-11,12-12,11-10", "Kappa Kappa", "25= 25= ", "", false},
    {"25:10-25,27-42", "          0123456789abcdef 0123456789abcdeg",
	"25=0123456789abcdef 25=0123456789abcdeg ",
	"0123456789abcdef 0123456789abcdeg ", true},
    {"25:10-26,28-44", "          0123456789abcdefg 0123456789abcdefh",
	"25=0123456789abcdefg 25=0123456789abcdefh ",
	"0123456789abcdefg 0123456789abcdefh ", true},
    {"1:10-14/2:6-8/3:0-4", "Kappa LUL Kappa", "1=Kappa 2=LUL 3=Kappa ",
	"Kappa LUL ", true},
    {"1:10-14,0-4/2:6-8", "Kappa LUL Kappa", "1=Kappa 1=Kappa 2=LUL ",
	"Kappa LUL ", true},
    {"25:0-4,06-10", "Kappa Kappa", "25=Kappa ", "Kappa ", false},
    {"25:0-4,006-010,012-016", "Kappa Kappa Kappa", "25=Kappa ", "Kappa ",
	false},
    {"1:116-118,106-108,100-102/2:104-104", LONG "LUL X LUL   -   LUL",
	"1=LUL 1=LUL 1=LUL 2=X ", "LUL X ", true},
    {"25:0-4x,1-1", "Kappa", "25=a ", "a ", false},
    {"25:", "Kappa", "", "", false},
    {":0-4", "Kappa", "", "", false},
    {"25", "Kappa", "", "", false},
    {"25:0-4,", "Kappa", "25=Kappa ", "Kappa ", false},
    {"25:0-4/", "Kappa", "25=Kappa ", "Kappa ", false},
    {"/25:0-4", "Kappa", "25=Kappa ", "Kappa ", false},
    {"a\"b:0-4/25:0-4", "Kappa", "25=Kappa ", "Kappa ", false},
    {"25:-4", "Kappa", "", "", false},
    {"25:0-", "Kappa", "", "", false},
    {"25:0-0", "", "25= ", "", true},
};

/*
 * Read them, knowing of the tag and the text what is true, or nothing; with
 * nothing known the names and the number of spans are the same.
 */
static bool
read_emotes(struct emotes *e, struct slice tag, struct slice text)
{
	size_t names, count;
	bool whole = emotes_read(e, tag, text, false, false);

	names = e->names_count;
	count = e->count;
	ck_assert_int_eq(emotes_read(e, tag, text,
			     memchr(tag.p, '"', tag.len) == NULL,
			     utf8_ascii(text) == text.len),
	    whole);
	ck_assert_uint_eq(e->names_count, names);
	ck_assert_uint_eq(e->count, count);
	return whole;
}

/* The spans as JSON, without the brackets. */
static struct slice
spans_json(const struct emotes *e)
{
	static char json[WRITE_MAX(0)];
	char *end = write_emote_spans(json, e, false);

	ck_assert_int_eq(json[0], '[');
	ck_assert_int_eq(end[-1], ']');
	end[-1] = '\0';
	return (struct slice){json + 1, (size_t)(end - json - 2)};
}

/* The spans as id=name, in order. */
static void
list_spans(char got[ROOM], const struct emotes *e)
{
	struct slice json = spans_json(e);
	const char *p = json.p, *end = p + json.len, *close;

	*got = '\0';
	for (; p < end; p = close + 1) {
		struct slice id = SLICE(""), name = SLICE("");
		struct scan_member m;
		struct scan s;

		p += *p == ',';
		close = memchr(p, '}', (size_t)(end - p));
		scan_open(&s, (struct slice){p, (size_t)(close + 1 - p)});
		while (scan_next(&s, &m)) {
			if (slice_eq(m.key, SLICE("id")))
				id = m.value;
			if (slice_eq(m.key, SLICE("name")))
				name = m.value;
		}
		ck_assert_ptr_null(s.error);
		sprintf(got + strlen(got), "%.*s=%.*s ", (int)id.len, id.p,
		    (int)name.len, name.p);
	}
}

START_TEST(test_emotes)
{
	static struct emotes e;
	char tag[ROOM], text[ROOM], got[ROOM] = "";

	ck_assert_int_eq(read_emotes(&e, padded(tag, emotes[_i].tag),
			     padded(text, emotes[_i].text)),
	    emotes[_i].whole);
	list_spans(got, &e);
	ck_assert_str_eq(got, emotes[_i].spans);
	*got = '\0';
	for (size_t i = 0; i < e.names_count; i++)
		sprintf(got + strlen(got), "%.*s ", (int)e.name[i].text.len,
		    e.name[i].text.p);
	ck_assert_str_eq(got, emotes[_i].names);
}
END_TEST

/* Any code point of a long text is where a plain count finds it. */
START_TEST(test_emotes_in_a_long_text)
{
	static struct emotes e;
	static const char *const characters[] = {
	    "a", "\xc3\xa9", "\xe4\xbd\xa0", "\xf0\x9f\x98\x80"};
	char text[ROOM], tag[ROOM];
	const char *at[800];
	size_t n = 0, len = 0;

	memset(text, 0, sizeof(text));
	srand(2);
	for (; n < 800; n++) {
		const char *c = characters[rand() % 4];

		at[n] = text + len;
		memcpy(text + len, c, strlen(c));
		len += strlen(c);
	}
	for (size_t i = 0; i + 5 < n; i++) {
		char range[32];

		snprintf(range, sizeof(range), "1:%zu-%zu", i, i + 4);
		ck_assert(read_emotes(&e, padded(tag, range),
		    (struct slice){text, len}));
		ck_assert_ptr_eq(e.name[0].text.p, at[i]);
		ck_assert_ptr_eq(e.name[0].text.p + e.name[0].text.len,
		    at[i + 5]);
	}
}
END_TEST

/* As long as the numbers may be, and in any order, one is read like another. */
START_TEST(test_emotes_of_any_numbers)
{
	static struct emotes e;
	static char text[2 * ROOM], tag[2 * ROOM], want[64 * ROOM];
	static const unsigned most[] = {12, 120, 1200, 2000};

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "Kappa "[i % 6];
	srand(3);
	for (int round = 0; round < 2000; round++) {
		char *p = tag, *to = want;

		for (int i = 0; i < 60; i++) {
			unsigned first = (unsigned)rand() % most[rand() % 4];
			unsigned last = first +
			    (rand() % 4 > 0 ? 4 : (unsigned)rand() % 40);

			first -= rand() % 2 > 0 ? first % 6 : 0;
			p += sprintf(p, "%s%u-%u", i % 20 == 0 ? "/1:" : ",",
			    first, last);
			to += sprintf(to,
			    ",{\"id\":\"1\",\"name\":\"%.*s\","
			    "\"start\":%u,\"end\":%u}",
			    (int)(last + 1 - first), text + first, first, last);
		}
		*p = ';';
		ck_assert(read_emotes(&e,
		    (struct slice){tag + 1, (size_t)(p - tag - 1)},
		    (struct slice){text, 2100}));
		*to = '\0';
		ck_assert_str_eq(spans_json(&e).p, want + 1);
	}
}
END_TEST

/* A number of the tag, of seven digits at most and no zeros in front. */
static bool
slow_number(unsigned long *n, const char **p)
{
	size_t digits = strspn(*p, "0123456789");

	*n = strtoul(*p, NULL, 10);
	if (digits == 0 || digits > 7 || (**p == '0' && digits > 1))
		return false;
	*p += digits;
	return true;
}

static char *
slow_span(char *to, const char *text, unsigned long first, unsigned long last)
{
	to += sprintf(to, ",{\"id\":\"1\"");
	if (last - first < EMOTES_NAME_MAX)
		to += sprintf(to, ",\"name\":\"%.*s\"", (int)(last + 1 - first),
		    text + first);
	return to + sprintf(to, ",\"start\":%lu,\"end\":%lu}", first, last);
}

/* What the ranges become of emote 1 in an ASCII text, byte by byte. */
static void
slow_spans(char *to, const char *p, const char *text)
{
	*to = '\0';
	for (;; p++) {
		unsigned long first, last;

		if (slow_number(&first, &p) && *p == '-' &&
		    (p++, slow_number(&last, &p)) && first <= last &&
		    strchr(",/;", *p) != NULL)
			to = slow_span(to, text, first, last);
		p += strcspn(p, ",/");
		if (*p != ',')
			return;
	}
}

/* Ranges of all the usual lengths, any byte of which may be another. */
START_TEST(test_emotes_changed_anywhere)
{
	static const char ranges[] =
	    "0-4,6-10,12-16,18-22,24-28,96-100,102-106,"
	    "108-112,114-118,120-124,126-130,132-136";
	static const char others[] = "0123456789-,/:. Kx\x7f\x80\xb0\xff";
	static struct emotes e;
	static char text[ROOM], tag[ROOM], want[ROOM];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "Kappa "[i % 6];
	for (size_t at = 0; at < strlen(ranges); at++) {
		for (size_t i = 0; i < sizeof(others) - 1; i++) {
			size_t len = (size_t)sprintf(tag, "1:%s;", ranges) - 1;

			tag[2 + at] = others[i];
			slow_spans(want, tag + 2, text);
			(void)read_emotes(&e, (struct slice){tag, len},
			    (struct slice){text, sizeof(text) - 64});
			if (e.count == 0)
				ck_assert_str_eq(want, "");
			else
				ck_assert_str_eq(spans_json(&e).p, want + 1);
		}
	}
}
END_TEST

START_TEST(test_emotes_have_a_bound)
{
	static const char *const ranges[] = {"0-0", "10-10", "100-100"};
	static struct emotes e;
	static char tag[16 * 1024], text[ROOM];
	char *p = tag;

	for (int i = 0; i <= EMOTES_MAX; i++)
		p += sprintf(p, "%s%s", i == 0 ? "1:" : ",", ranges[_i]);
	*p = ';';
	memset(text, 'x', sizeof(text));
	ck_assert(!read_emotes(&e, (struct slice){tag, (size_t)(p - tag)},
	    (struct slice){text, 101}));
	ck_assert_uint_eq(e.count, EMOTES_MAX);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("emotes");
	TCase *tc = tcase_create("emotes");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_loop_test(tc, test_emotes, 0,
	    sizeof(emotes) / sizeof(emotes[0]));
	tcase_add_test(tc, test_emotes_in_a_long_text);
	tcase_add_test(tc, test_emotes_of_any_numbers);
	tcase_add_test(tc, test_emotes_changed_anywhere);
	tcase_add_loop_test(tc, test_emotes_have_a_bound, 0, 3);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
