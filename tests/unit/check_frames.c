/* ws and lines: IRC lines out of WebSocket frames, however they are cut. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../collector/lines.h"
#include "../../collector/ws.h"

static struct ws ws;
static struct lines lines;
static char seen[256 * 1024]; /* what came, each ended by | */

static void
see(const char *p, size_t n)
{
	size_t len = strlen(seen);

	memcpy(seen + len, p, n);
	memcpy(seen + len + n, "|", 2);
}

/* Feed bytes, and note all lines. Returns what ended it. */
static enum ws_kind
feed(const char *p, size_t n)
{
	struct ws_piece piece;
	struct slice line;
	enum ws_kind kind;

	ws_feed(&ws, (struct slice){p, n});
	while ((kind = ws_next(&ws, &piece)) != WS_MORE) {
		if (kind == WS_PONG)
			see(piece.data.p, piece.data.len);
		if (kind == WS_CLOSE || kind == WS_BROKEN)
			break;
		if (kind != WS_DATA)
			continue;
		lines_feed(&lines, piece.data, piece.last);
		while (lines_next(&lines, &line))
			see(line.p, line.len);
	}
	return kind;
}

#define FEED(literal) feed(literal, sizeof(literal) - 1)

static void
setup(void)
{
	ws_open(&ws);
	lines = (struct lines){.given = 0};
	seen[0] = '\0';
}

static void
teardown(void)
{
	ws_close(&ws);
	lines_close(&lines);
}

static void
restart(void)
{
	teardown();
	setup();
}

START_TEST(test_several_lines_of_a_message)
{
	FEED("\x81\x0aone\r\ntwo\r\n\x81\x04tail");
	ck_assert_str_eq(seen, "one|two|tail|");
}
END_TEST

START_TEST(test_line_ends_of_every_kind)
{
	FEED("\x81\x0d"
	     "a\nb\r\n\r\n\nc\rd\re");
	ck_assert_str_eq(seen, "a|b|c\rd\re|");
}
END_TEST

START_TEST(test_any_cut_gives_the_same_lines)
{
	static const char all[] = "\x01\x04:a P\x89\x02hi\x80\x07"
				  "RIV\r\n:b\x81\x02ok";
	size_t n = sizeof(all) - 1;

	for (size_t cut = 0; cut <= n; cut++) {
		restart();
		feed(all, cut);
		feed(all + cut, n - cut);
		ck_assert_str_eq(seen, ":a PRIV|:b|ok|");
	}
	restart();
	for (size_t i = 0; i < n; i++)
		feed(all + i, 1);
	ck_assert_str_eq(seen, ":a PRIV|:b|ok|");
}
END_TEST

START_TEST(test_long_frames)
{
	static char frame[70000];

	memset(frame, 'x', sizeof(frame));
	memcpy(frame, "\x81\x7e\x11\x70", 4); /* 4464 bytes */
	feed(frame, 4 + 4464);
	ck_assert_uint_eq(strlen(seen), 4465);
	memcpy(frame, "\x81\x7f\0\0\0\0\0\1\0\0", 10); /* 65536 bytes */
	feed(frame, 10 + 65536);
	ck_assert_uint_eq(strlen(seen), 4465 + 65537);
	ck_assert_uint_eq(lines.too_long, 0);
}
END_TEST

START_TEST(test_a_line_too_long_is_counted_and_left_out)
{
	static char frame[2 * 1024 * 1024 + 20];

	memset(frame, 'x', sizeof(frame));
	memcpy(frame, "\x81\x7f\0\0\0\0\0\x20\0\x0a", 10); /* 2 MiB and 10 */
	memcpy(frame + 10 + 2 * 1024 * 1024, "\r\nnext\r\n12", 10);
	feed(frame, sizeof(frame));
	ck_assert_str_eq(seen, "next|12|");
	ck_assert_uint_eq(lines.too_long, 1);
	ck_assert_uint_eq(lines.begun.len, 0);
}
END_TEST

/* Undo the mask of a client's short frame. */
static void
unmask(const char *frame, char *out)
{
	size_t n = frame[1] & 0x7f;

	ck_assert_uint_eq((unsigned char)frame[1] & 0x80, 0x80);
	for (size_t i = 0; i < n; i++)
		out[i] = frame[6 + i] ^ frame[2 + i % 4];
	out[n] = '\0';
}

START_TEST(test_a_ping_is_answered_with_its_payload)
{
	char text[128];

	FEED("\x89\x05hello");
	ck_assert_uint_eq(ws.out.len, 11);
	ck_assert_int_eq(bytes_all(&ws.out).p[0], (char)0x8a);
	unmask(bytes_all(&ws.out).p, text);
	ck_assert_str_eq(text, "hello");
}
END_TEST

START_TEST(test_a_message_is_one_masked_frame)
{
	char text[128];

	ws_text(&ws, SLICE("NICK a\r\n"));
	ck_assert_int_eq(bytes_all(&ws.out).p[0], (char)0x81);
	unmask(bytes_all(&ws.out).p, text);
	ck_assert_str_eq(text, "NICK a\r\n");
}
END_TEST

START_TEST(test_a_close_is_answered)
{
	char text[128];

	ck_assert_int_eq(FEED("\x88\x05\x03\xe9"
			      "bye"),
	    WS_CLOSE);
	unmask(bytes_all(&ws.out).p, text);
	ck_assert_str_eq(text,
	    "\x03\xe9"
	    "bye");
}
END_TEST

START_TEST(test_what_is_not_rfc_6455_is_broken)
{
	static const char *const frames[] = {"\xc1\x01x", "\x83\x01x",
	    "\x80\x01x", "\x81\x81mask!", "\x09\x01x", "\x89\x7e\x01\x01"};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		restart();
		ck_assert_int_eq(feed(frames[i], strlen(frames[i])), WS_BROKEN);
	}
}
END_TEST

START_TEST(test_a_message_may_not_begin_inside_another)
{
	ck_assert_int_eq(FEED("\x01\x01x\x81\x01y"), WS_BROKEN);
}
END_TEST

START_TEST(test_bytes_that_are_not_utf8_pass)
{
	FEED("\x81\x02\xff\xc0");
	ck_assert_str_eq(seen, "\xff\xc0|");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("frames");
	TCase *tc = tcase_create("frames");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_several_lines_of_a_message);
	tcase_add_test(tc, test_line_ends_of_every_kind);
	tcase_add_test(tc, test_any_cut_gives_the_same_lines);
	tcase_add_test(tc, test_long_frames);
	tcase_add_test(tc, test_a_line_too_long_is_counted_and_left_out);
	tcase_add_test(tc, test_a_ping_is_answered_with_its_payload);
	tcase_add_test(tc, test_a_message_is_one_masked_frame);
	tcase_add_test(tc, test_a_close_is_answered);
	tcase_add_test(tc, test_what_is_not_rfc_6455_is_broken);
	tcase_add_test(tc, test_a_message_may_not_begin_inside_another);
	tcase_add_test(tc, test_bytes_that_are_not_utf8_pass);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
