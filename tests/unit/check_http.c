/* http and listen: what is sent where, short of sending it. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http.h"
#include "listen.h"

START_TEST(test_form)
{
	struct http_form form = {0};

	http_form_add(&form, "a", "b c");
	http_form_add(&form, "none", NULL);
	http_form_add(&form, "empty", "");
	http_form_add(&form, "d", "\r\n&=%+\xc3\xa9");
	ck_assert_str_eq(form.text,
	    "a=b%20c&empty=&d=%0D%0A%26%3D%25%2B%C3%A9");
	ck_assert_uint_eq(form.len, 41);
	ck_assert(!form.failed);
	http_form_cut(&form, 100);
	http_form_cut(&form, 7);
	http_form_add(&form, "f", "g");
	ck_assert_str_eq(form.text, "a=b%20c&f=g");
	http_form_cut(&form, 0);
	http_form_add(&form, "h", "i");
	ck_assert_str_eq(form.text, "h=i");
	http_form_free(&form);
	ck_assert_ptr_null(form.text);
}
END_TEST

static const char *const private[] = {
    "https://id.twitch.tv",
    "HTTPS://id.twitch.tv",
    "https://localhost:8443/helix",
    "http://127.0.0.1:80",
    "http://localhost",
    "http://[::1]:8080/a",
};

START_TEST(test_private)
{
	struct http *http = http_open(private[_i], NULL);

	ck_assert_ptr_nonnull(http);
	http_close(http);
}
END_TEST

static const char *const public[] = {
    "",
    "id.twitch.tv",
    "http://id.twitch.tv",
    "http://127.0.0.1.example",
    "http://127.0.0.1@example.org",
    "http://localhost.example",
    "http://10.0.0.1",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "http://",
};

START_TEST(test_public)
{
	errno = 0;
	ck_assert_ptr_null(http_open(public[_i], NULL));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(test_public_in_plain)
{
	struct http *http = http_open_plain("http://10.0.0.1", NULL);

	ck_assert_ptr_nonnull(http);
	http_close(http);
}
END_TEST

START_TEST(test_nobody_listens)
{
	struct http *http = http_open("http://127.0.0.1:1", NULL);
	const char *const headers[] = {"A: b", NULL};
	struct http_answer answer;

	ck_assert_int_eq(http_get(http, "/", NULL, NULL, &answer), -1);
	ck_assert(*http_error(http) != '\0');
	ck_assert_int_eq(http_send(http, "/", NULL, headers, SLICE("bytes"),
			     &answer),
	    -1);
	ck_assert(*http_error(http) != '\0');
	http_close(http);
}
END_TEST

static const char *const places[] = {"0", "127.0.0.1:0", "0.0.0.0:0"};

START_TEST(test_listen)
{
	int fd = listen_open(places[_i]);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(listen_port(fd), 0);
	close(fd);
}
END_TEST

static const char *const nowhere[] = {"", ":", ":80", "127.0.0.1", "65536",
    "-1", "http", "twitch.example:80", "127.0.0.1:", "[127.0.0.1:80", "[]:80",
    "256.0.0.1:80"};

START_TEST(test_nowhere)
{
	errno = 0;
	ck_assert_int_eq(listen_open(nowhere[_i]), -1);
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(test_taken)
{
	char where[16];
	int fd = listen_open("0");

	snprintf(where, sizeof(where), "%d", listen_port(fd));
	ck_assert_int_eq(listen_open(where), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	close(fd);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array[0]))

int
main(void)
{
	Suite *s = suite_create("http");
	TCase *tc = tcase_create("http");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_test(tc, test_form);
	tcase_add_loop_test(tc, test_private, 0, COUNT(private));
	tcase_add_loop_test(tc, test_public, 0, COUNT(public));
	tcase_add_test(tc, test_public_in_plain);
	tcase_add_test(tc, test_nobody_listens);
	tcase_add_loop_test(tc, test_listen, 0, COUNT(places));
	tcase_add_loop_test(tc, test_nowhere, 0, COUNT(nowhere));
	tcase_add_test(tc, test_taken);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
