/* The simulator's synthetic chat: valid lines, true emote ranges, order. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sim/chat.h"
#include "../sim/message.h"

enum { LINES = 20000, NOW = 1000000 };

static struct rooms rooms;
static struct room *room;
static struct chat *chat;

static void
setup(void)
{
	room = room_get(&rooms, SLICE("chess"));
	chat = chat_new(1);
}

static void
teardown(void)
{
	chat_free(chat);
	rooms_free(&rooms);
	memset(&rooms, 0, sizeof(rooms));
}

static struct chat_line
next(struct message *m)
{
	struct chat_line line = chat_next(chat, room, NOW);

	ck_assert(message_parse(m, line.text));
	return line;
}

static bool
is(const struct message *m, const char *command)
{
	return slice_eq(m->command, slice_of(command));
}

/* What a person reads: the last parameter without its ACTION. */
static struct slice
said(const struct message *m)
{
	static const char action[] = "\001ACTION ";
	struct slice text = m->params[m->count - 1];
	size_t n = sizeof(action) - 1;

	if (text.len > n && memcmp(text.p, action, n) == 0) {
		text.p += n;
		text.len -= n + 1;
		ck_assert_int_eq(text.p[text.len], '\001');
	}
	return text;
}

/* The bytes from code point `from' on. */
static const char *
skip(struct slice text, unsigned from)
{
	const char *p = text.p, *end = p + text.len;

	for (; p < end; p++)
		if (((unsigned char)*p & 0xc0) != 0x80 && from-- == 0)
			break;
	return p;
}

START_TEST(test_lines_are_of_their_room_and_time)
{
	struct message m;

	for (int i = 0; i < LINES; i++) {
		next(&m);
		ck_assert(slice_eq(message_channel(&m), SLICE("chess")));
		ck_assert(slice_eq(message_tag(&m, SLICE("tmi-sent-ts")),
		    SLICE("1000000")));
		if (!is(&m, "CLEARMSG"))
			ck_assert(slice_eq(message_tag(&m, SLICE("room-id")),
			    room->id_slice));
	}
}
END_TEST

START_TEST(test_untagged_is_the_line_without_its_tags)
{
	for (int i = 0; i < LINES; i++) {
		struct message m;
		struct chat_line line = next(&m);

		ck_assert_uint_eq(line.untagged, m.untagged);
		ck_assert_int_eq(line.text.p[line.untagged], ':');
	}
}
END_TEST

START_TEST(test_id_is_the_tag)
{
	struct message m;

	for (int i = 0; i < LINES; i++) {
		struct chat_line line = next(&m);
		struct slice id = message_tag(&m, SLICE("id"));

		ck_assert(slice_eq(id, line.id));
		ck_assert(id.len == 36 || is(&m, "CLEARCHAT") ||
		    is(&m, "CLEARMSG"));
	}
}
END_TEST

START_TEST(test_only_messages_need_no_capability)
{
	struct message m;

	for (int i = 0; i < LINES; i++) {
		struct chat_line line = next(&m);

		ck_assert(line.needs_commands == !is(&m, "PRIVMSG"));
	}
}
END_TEST

START_TEST(test_messages_end_with_the_next_number)
{
	unsigned long want = 0;
	struct message m;

	for (int i = 0; i < LINES; i++) {
		struct slice text;
		const char *space;

		next(&m);
		if (!is(&m, "PRIVMSG"))
			continue;
		text = said(&m);
		space = memrchr(text.p, ' ', text.len);
		ck_assert_ptr_nonnull(space);
		ck_assert_uint_eq(strtoul(space + 1, NULL, 10), ++want);
	}
	ck_assert_uint_gt(want, LINES * 9 / 10);
}
END_TEST

START_TEST(test_emote_ranges_are_whole_words)
{
	unsigned ranges = 0;
	struct message m;

	for (int i = 0; i < LINES; i++) {
		struct slice tag, text;
		const char *p, *end;

		next(&m);
		tag = message_tag(&m, SLICE("emotes"));
		if (tag.len == 0 || m.count < 2)
			continue;
		text = said(&m);
		for (p = tag.p, end = p + tag.len; p < end; p++) {
			unsigned first, last;
			const char *from, *to;

			if (*p != ':' && *p != ',')
				continue;
			ck_assert_int_eq(sscanf(p + 1, "%u-%u", &first, &last),
			    2);
			from = skip(text, first);
			to = skip(text, last + 1);
			ck_assert(from == text.p || from[-1] == ' ');
			ck_assert(to == text.p + text.len || *to == ' ');
			ck_assert_ptr_null(memchr(from, ' ',
			    (size_t)(to - from)));
			ranges++;
		}
	}
	ck_assert_uint_gt(ranges, LINES / 10);
}
END_TEST

START_TEST(test_lines_are_as_long_as_twitchs)
{
	struct message m;
	size_t bytes = 0, longest = 0;

	for (int i = 0; i < LINES; i++) {
		size_t n = next(&m).text.len;

		bytes += n;
		longest = n > longest ? n : longest;
	}
	ck_assert_uint_gt(bytes / LINES, 370);
	ck_assert_uint_lt(bytes / LINES, 430);
	ck_assert_uint_gt(longest, 1500);
}
END_TEST

START_TEST(test_seed_repeats_the_chat)
{
	struct rooms others = {0};
	struct room *same = room_get(&others, SLICE("chess"));
	struct chat *twin = chat_new(1);

	for (int i = 0; i < LINES; i++)
		ck_assert(slice_eq(chat_next(chat, room, NOW).text,
		    chat_next(twin, same, NOW).text));
	chat_free(twin);
	rooms_free(&others);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("sim chat");
	TCase *tc = tcase_create("chat");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_lines_are_of_their_room_and_time);
	tcase_add_test(tc, test_untagged_is_the_line_without_its_tags);
	tcase_add_test(tc, test_id_is_the_tag);
	tcase_add_test(tc, test_only_messages_need_no_capability);
	tcase_add_test(tc, test_messages_end_with_the_next_number);
	tcase_add_test(tc, test_emote_ranges_are_whole_words);
	tcase_add_test(tc, test_lines_are_as_long_as_twitchs);
	tcase_add_test(tc, test_seed_repeats_the_chat);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
