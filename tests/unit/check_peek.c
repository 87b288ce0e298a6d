/* peek: what a reader must see of a line. */

#include <check.h>
#include <stdlib.h>

#include "../../collector/peek.h"

#define IS(slice, literal) ck_assert(slice_eq(slice, SLICE(literal)))

START_TEST(test_a_roomstate)
{
	struct peek p = peek_line(SLICE("@emote-only=0;room-id=71;slow=0 "
					":tmi.twitch.tv ROOMSTATE #chess"));

	ck_assert_int_eq(p.command, PEEK_ROOMSTATE);
	IS(peek_tag(&p, SLICE("room-id")), "71");
	IS(peek_tag(&p, SLICE("emote-only")), "0");
	IS(peek_tag(&p, SLICE("slow")), "0");
	IS(peek_channel(p.param[0]), "chess");
}
END_TEST

START_TEST(test_a_tag_is_found_by_its_whole_name)
{
	struct peek p = peek_line(SLICE("@source-id=9;id;idx=1;id=7 :s PING"));

	IS(peek_tag(&p, SLICE("id")), "7");
	IS(peek_tag(&p, SLICE("source")), "");
	IS(peek_tag(&p, SLICE("x")), "");
}
END_TEST

START_TEST(test_commands_and_parameters)
{
	struct peek p = peek_line(SLICE("PING :tmi.twitch.tv"));

	ck_assert_int_eq(p.command, PEEK_PING);
	IS(p.param[0], "tmi.twitch.tv");
	p = peek_line(SLICE(":x.tmi.twitch.tv 366 nick #chess :End of list"));
	ck_assert_int_eq(p.command, PEEK_ENDOFNAMES);
	IS(peek_channel(p.param[1]), "chess");
	p = peek_line(SLICE(":n!n@n.tmi.twitch.tv PART #chess"));
	ck_assert_int_eq(p.command, PEEK_PART);
	IS(p.nick, "n");
	p = peek_line(SLICE(":tmi.twitch.tv CAP * NAK :twitch.tv/foo"));
	ck_assert_int_eq(p.command, PEEK_CAP);
	IS(p.param[1], "NAK");
	p = peek_line(SLICE(":tmi.twitch.tv RECONNECT"));
	ck_assert_int_eq(p.command, PEEK_RECONNECT);
}
END_TEST

START_TEST(test_a_message_says_nothing_but_its_channel)
{
	struct peek p = peek_line(
	    SLICE("@id=1 :a!a@a PRIVMSG #chess :x RECONNECT #b :PING"));

	ck_assert_int_eq(p.command, PEEK_OTHER);
	IS(peek_channel(p.param[0]), "chess");
}
END_TEST

START_TEST(test_odd_lines_are_survived)
{
	static const char *const odd[] = {"", " ", "@", ":", "@ :", "@a", ":a",
	    "@a :b", "PING", "PING ", "366 #", "@=;;=;= : PART", "\r",
	    "  PING"};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct peek p = peek_line(slice_of(odd[i]));

		IS(peek_tag(&p, SLICE("id")), "");
		IS(peek_channel(p.param[0]), "");
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("peek");
	TCase *tc = tcase_create("peek");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_a_roomstate);
	tcase_add_test(tc, test_a_tag_is_found_by_its_whole_name);
	tcase_add_test(tc, test_commands_and_parameters);
	tcase_add_test(tc, test_a_message_says_nothing_but_its_channel);
	tcase_add_test(tc, test_odd_lines_are_survived);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
