/* upgrade and login: what is said before the first line of chat. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../collector/login.h"
#include "../../collector/upgrade.h"

/* The example of RFC 6455, section 1.3. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define AGREED                                 \
	"HTTP/1.1 101 Switching Protocols\r\n" \
	"upgrade: WebSocket\r\n"               \
	"Connection: keep-alive, Upgrade\r\n"  \
	"Sec-WebSocket-Accept: "               \
	"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

static struct upgrade_answer
answer_to(const char *text)
{
	struct upgrade_answer answer;

	ck_assert(upgrade_answer(slice_of(text), KEY, &answer));
	return answer;
}

START_TEST(test_the_example_of_the_rfc_is_accepted)
{
	struct upgrade_answer a = answer_to(AGREED "frames");

	ck_assert_ptr_null(a.wrong);
	ck_assert_int_eq(a.status, 101);
	ck_assert_uint_eq(a.length, sizeof(AGREED) - 1);
}
END_TEST

START_TEST(test_half_an_answer_is_waited_for)
{
	struct upgrade_answer a;
	struct slice all = SLICE(AGREED);

	for (size_t n = 0; n < all.len; n++)
		ck_assert(!upgrade_answer((struct slice){all.p, n}, KEY, &a));
}
END_TEST

START_TEST(test_a_wrong_accept_is_refused)
{
	char text[] = AGREED;

	*strstr(text, "s3p") = 'S';
	ck_assert_ptr_nonnull(answer_to(text).wrong);
}
END_TEST

START_TEST(test_other_answers_are_refused)
{
	static const char *const texts[] = {"SSH-2.0-OpenSSH_9.2\r\n",
	    "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 503 Busy\r\n\r\n",
	    "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
	    "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_ptr_nonnull(answer_to(texts[i]).wrong);
	ck_assert_int_eq(answer_to(texts[0]).status, 0);
	ck_assert_int_eq(answer_to(texts[2]).status, 503);
}
END_TEST

START_TEST(test_a_redirect_names_its_place)
{
	struct upgrade_answer a = answer_to("HTTP/1.1 301 Moved\r\n"
					    "Location: wss://new:443\r\n\r\n");

	ck_assert(slice_eq(a.location, SLICE("wss://new:443")));
}
END_TEST

START_TEST(test_a_head_without_end_is_refused)
{
	static char text[UPGRADE_ANSWER_MAX];
	struct upgrade_answer a;

	memset(text, 'x', sizeof(text));
	memcpy(text, "HTTP/1.1 101 ", 13);
	ck_assert(!upgrade_answer((struct slice){text, sizeof(text) - 1}, KEY,
	    &a));
	ck_assert(upgrade_answer((struct slice){text, sizeof(text)}, KEY, &a));
	ck_assert_ptr_nonnull(a.wrong);
}
END_TEST

START_TEST(test_the_request_is_what_the_rfc_asks)
{
	char key[UPGRADE_KEY_MAX], other[UPGRADE_KEY_MAX];
	char out[UPGRADE_REQUEST_MAX], path[UPGRADE_REQUEST_MAX];

	upgrade_key(key);
	upgrade_key(other);
	ck_assert_uint_eq(strlen(key), 24);
	ck_assert_str_ne(key, other);
	ck_assert_int_gt(upgrade_request("host:1", true, "/p?q", key, out), 0);
	ck_assert_ptr_nonnull(strstr(out, "GET /p?q HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(strstr(out, "\r\nHost: host:1\r\n"));
	ck_assert_ptr_nonnull(strstr(out, "\r\nOrigin: https://host:1\r\n"));
	ck_assert_ptr_nonnull(strstr(out, key));
	memset(path, '/', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(upgrade_request("host", false, path, key, out), -1);
}
END_TEST

static const char *
line_of(int n, bool membership, const char *token)
{
	static char line[LOGIN_LINE_MAX];

	return login_line(n, membership, token, "nick", line) ? line : "";
}

START_TEST(test_a_server_without_capabilities_hears_a_line_a_frame)
{
	char line[LOGIN_LINE_MAX];

	ck_assert(login_plain(0, "nick", line));
	ck_assert_str_eq(line, "CAP END\r\n");
	ck_assert(login_plain(1, "nick", line));
	ck_assert_str_eq(line, "USER nick 0 * :nick\r\n");
	ck_assert(!login_plain(2, "nick", line));
}
END_TEST

START_TEST(test_an_account_logs_in_with_its_token)
{
	ck_assert_str_eq(line_of(0, false, "t0"),
	    "CAP REQ :twitch.tv/tags twitch.tv/commands\r\n");
	ck_assert_str_eq(line_of(1, false, "t0"), "PASS oauth:t0\r\n");
	ck_assert_str_eq(line_of(2, false, "t0"), "NICK nick\r\n");
	ck_assert_str_eq(line_of(3, false, "t0"), "");
}
END_TEST

START_TEST(test_an_anonymous_login_has_no_password)
{
	char nick[LOGIN_NICK_MAX], other[LOGIN_NICK_MAX];

	ck_assert_str_eq(line_of(0, true, NULL),
	    "CAP REQ :twitch.tv/tags twitch.tv/commands "
	    "twitch.tv/membership\r\n");
	ck_assert_str_eq(line_of(1, true, NULL), "NICK nick\r\n");
	ck_assert_str_eq(line_of(2, true, NULL), "");
	login_anonymous(nick);
	login_anonymous(other);
	ck_assert_int_eq(strncmp(nick, "justinfan", 9), 0);
	ck_assert_str_ne(nick, other);
}
END_TEST

START_TEST(test_a_token_cannot_break_out_of_its_line)
{
	char token[LOGIN_TOKEN_MAX], longest[LOGIN_TOKEN_MAX + 1];

	ck_assert_int_eq(login_token(SLICE(" oauth:ab12\r\n"), token), 0);
	ck_assert_str_eq(token, "ab12");
	ck_assert_int_eq(login_token(SLICE("ab12"), token), 0);
	ck_assert_int_eq(login_token(SLICE("a\r\nJOIN #b"), token), -1);
	ck_assert_int_eq(login_token(SLICE("a b"), token), -1);
	ck_assert_int_eq(login_token(SLICE("oauth:"), token), -1);
	ck_assert_int_eq(login_token(SLICE("\n"), token), -1);
	memset(longest, 'a', sizeof(longest));
	ck_assert_int_eq(login_token((struct slice){longest, sizeof(longest)},
			     token),
	    -1);
}
END_TEST

START_TEST(test_refusals_are_known_whatever_their_case)
{
	ck_assert(login_refused(SLICE("Login authentication failed")));
	ck_assert(login_refused(SLICE("Improperly formatted AUTH")));
	ck_assert(login_refused(SLICE("login unsuccessful")));
	ck_assert(login_refused(SLICE("Invalid NICK")));
	ck_assert(!login_refused(SLICE("Login authentication failed!")));
	ck_assert(!login_refused(SLICE("hello")));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("handshake");
	TCase *tc = tcase_create("handshake");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_the_example_of_the_rfc_is_accepted);
	tcase_add_test(tc, test_half_an_answer_is_waited_for);
	tcase_add_test(tc, test_a_wrong_accept_is_refused);
	tcase_add_test(tc, test_other_answers_are_refused);
	tcase_add_test(tc, test_a_redirect_names_its_place);
	tcase_add_test(tc, test_a_head_without_end_is_refused);
	tcase_add_test(tc, test_the_request_is_what_the_rfc_asks);
	tcase_add_test(tc,
	    test_a_server_without_capabilities_hears_a_line_a_frame);
	tcase_add_test(tc, test_an_account_logs_in_with_its_token);
	tcase_add_test(tc, test_an_anonymous_login_has_no_password);
	tcase_add_test(tc, test_a_token_cannot_break_out_of_its_line);
	tcase_add_test(tc, test_refusals_are_known_whatever_their_case);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
