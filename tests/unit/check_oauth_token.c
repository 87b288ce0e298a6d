/* oauth/token: tokens as Twitch and the earlier systems write them down. */

#include <check.h>
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "../../oauth/token.h"
#include "clock.h"

enum { NOW = 1000000 };

static const struct good {
	const char *json, *access, *refresh, *scopes;
	int64_t obtained_at, expires_at;
} good[] = {
    /* the token endpoint's answers */
    {"{\"access_token\":\"a\",\"expires_in\":10,\"refresh_token\":\"r\","
     "\"scope\":[\"chat:read\",\"chat:edit\"],\"token_type\":\"bearer\"}",
	"a", "r", "chat:read chat:edit", NOW, NOW + 10000},
    {"{\"access_token\":\"a\",\"expires_in\":10}", "a", NULL, NULL, NOW,
	NOW + 10000},
    {"{\"access_token\":\"a\",\"scope\":\"chat:read\"}", "a", NULL, "chat:read",
	NOW, NOW},
    {"{\"access_token\":\"a\",\"scope\":[]}", "a", NULL, NULL, NOW, NOW},
    {"{\"access_token\":\"a\",\"refresh_token\":\"\"}", "a", NULL, NULL, NOW,
	NOW},
    {"{\"access_token\":\"a\",\"expires_in\":\"10\"}", "a", NULL, NULL, NOW,
	NOW},
    {"{\"access_token\":\"a\",\"expires_in\":-10}", "a", NULL, NULL, NOW, NOW},
    {"{\"access_token\":\"a\",\"expires_in\":1e300}", "a", NULL, NULL, NOW,
	NOW},
    /* the camelCase store, with and without oauth: */
    {"{\"accessToken\":\"a\",\"refreshToken\":\"r\",\"expiresAt\":77}", "a",
	"r", NULL, NOW, 77},
    {"{\"accessToken\":\"oauth:a\",\"expiresAt\":77}", "a", NULL, NULL, NOW,
	77},
    /* our own */
    {"{\"schema\":1,\"access_token\":\"a\",\"refresh_token\":\"r\","
     "\"scope\":\"chat:read\",\"obtained_at\":5,\"expires_at\":77}",
	"a", "r", "chat:read", 5, 77},
    /* what may not go into a line goes nowhere */
    {"{\"access_token\":\"a\",\"refresh_token\":\"r\\r\\n\","
     "\"scope\":[\"chat:read\",\"b\\td\",7,\"\"]}",
	"a", NULL, "chat:read", NOW, NOW},
};

static void
same(const char *a, const char *b)
{
	if (b == NULL)
		ck_assert_ptr_null(a);
	else
		ck_assert_pstr_eq(a, b);
}

START_TEST(test_good)
{
	const struct good *g = &good[_i];
	cJSON *json = cJSON_Parse(g->json);
	struct token token;

	ck_assert_int_eq(token_parse(&token, json, NOW), 0);
	ck_assert_str_eq(token.access, g->access);
	same(token.refresh, g->refresh);
	same(token.scopes, g->scopes);
	ck_assert_int_eq(token.obtained_at, g->obtained_at);
	ck_assert_int_eq(token.expires_at, g->expires_at);
	token_free(&token);
	cJSON_Delete(json);
}
END_TEST

static const char *const bad[] = {
    "{}",
    "[]",
    "7",
    "null",
    "{\"access_token\":7}",
    "{\"access_token\":\"\"}",
    "{\"access_token\":\"oauth:\"}",
    "{\"access_token\":\"a b\"}",
    "{\"access_token\":\"a\\r\\nPRIVMSG #b :c\"}",
    "{\"access_token\":\"\\u00e9\"}",
    "{\"access_token\":\"\\u007f\"}",
    "{\"Access_Token\":\"a\"}",
};

START_TEST(test_bad)
{
	cJSON *json = cJSON_Parse(bad[_i]);
	struct token token;

	ck_assert_int_eq(token_parse(&token, json, NOW), -1);
	cJSON_Delete(json);
}
END_TEST

static struct token
parsed(const char *text)
{
	cJSON *json = cJSON_Parse(text);
	struct token token;

	ck_assert_int_eq(token_parse(&token, json, NOW), 0);
	cJSON_Delete(json);
	return token;
}

START_TEST(test_update)
{
	struct token old = parsed("{\"access_token\":\"a\","
				  "\"refresh_token\":\"r\","
				  "\"scope\":\"chat:read\"}");
	struct token bare = parsed("{\"access_token\":\"b\"}");
	struct token full = parsed("{\"access_token\":\"c\","
				   "\"refresh_token\":\"s\","
				   "\"scope\":\"chat:edit\"}");

	token_update(&old, &bare);
	ck_assert_str_eq(old.access, "b");
	ck_assert_str_eq(old.refresh, "r");
	ck_assert_str_eq(old.scopes, "chat:read");
	token_update(&old, &full);
	ck_assert_str_eq(old.access, "c");
	ck_assert_str_eq(old.refresh, "s");
	ck_assert_str_eq(old.scopes, "chat:edit");
	token_free(&old);
}
END_TEST

START_TEST(test_left)
{
	struct token token = parsed("{\"access_token\":\"a\","
				    "\"expires_in\":10}");

	clock_hold(NOW, 0);
	ck_assert_int_eq(token_left(&token), 10000);
	clock_turn(9999);
	ck_assert_int_eq(token_left(&token), 1);
	clock_turn(1);
	ck_assert_int_eq(token_left(&token), 0);
	clock_turn(1);
	ck_assert_int_eq(token_left(&token), 0);
	token_free(&token);
	clock_hold(NOW, 0);
	ck_assert_int_eq(token_left(&token), 0);
	clock_release();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("oauth token");
	TCase *tc = tcase_create("token");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, test_good, 0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tc, test_bad, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, test_update);
	tcase_add_test(tc, test_left);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
