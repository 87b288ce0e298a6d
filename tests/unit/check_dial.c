/* dial: URLs, and the socket that comes of one. */

#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../collector/dial.h"
#include "clock.h"

static struct loop loop;
static struct dialer dialer;
static int got;

static void
done(void *arg, int fd, const char *why)
{
	(void)why;
	got = fd;
	*(bool *)arg = true;
}

/* Dial this port of loopback. The socket is in `got', -1 for none. */
static void
dial_port(unsigned port)
{
	struct endpoint endpoint;
	struct dial dial = {.done = done};
	bool over = false;
	char url[64];

	snprintf(url, sizeof(url), "ws://127.0.0.1:%u/", port);
	ck_assert_int_eq(dial_parse(url, &endpoint), 0);
	dial.arg = &over;
	dial_start(&dial, &dialer, &endpoint);
	while (!over)
		ck_assert_int_eq(loop_turn(&loop, clock_mono() + 1000), 0);
}

static unsigned
listen_somewhere(int *fd)
{
	struct sockaddr_in addr = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(addr);

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ne(*fd, -1);
	ck_assert_int_eq(bind(*fd, (struct sockaddr *)&addr, len), 0);
	ck_assert_int_eq(listen(*fd, 1), 0);
	getsockname(*fd, (struct sockaddr *)&addr, &len);
	return ntohs(addr.sin_port);
}

static void
setup(void)
{
	ck_assert_int_eq(loop_open(&loop), 0);
	ck_assert_int_eq(dialer_open(&dialer, &loop), 0);
}

static void
teardown(void)
{
	dialer_close(&dialer);
	loop_close(&loop);
}

START_TEST(test_what_is_sent_is_acknowledged_in_time_or_it_is_over)
{
	unsigned ms = 0;
	socklen_t len = sizeof(ms);
	int listener;

	dial_port(listen_somewhere(&listener));
	ck_assert_int_ne(got, -1);
	ck_assert_int_eq(getsockopt(got, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms,
			     &len),
	    0);
	ck_assert_uint_eq(ms, 20000);
	close(got);
	close(listener);
}
END_TEST

START_TEST(test_nobody_listens)
{
	int listener;
	unsigned port = listen_somewhere(&listener);

	close(listener);
	dial_port(port);
	ck_assert_int_eq(got, -1);
}
END_TEST

START_TEST(test_urls)
{
	struct endpoint e;

	ck_assert_int_eq(dial_parse("wss://irc.example/a/b?c", &e), 0);
	ck_assert(e.tls);
	ck_assert_str_eq(e.host, "irc.example");
	ck_assert_str_eq(e.authority, "irc.example:443");
	ck_assert_str_eq(e.path, "/a/b?c");
	ck_assert_int_eq(dial_parse("ws://[::1]:81", &e), 0);
	ck_assert(!e.tls);
	ck_assert_str_eq(e.host, "::1");
	ck_assert_str_eq(e.authority, "[::1]:81");
	ck_assert_str_eq(e.path, "/");
	ck_assert_int_eq(dial_parse("http://irc.example", &e), -1);
	ck_assert_int_eq(dial_parse("irc.example", &e), -1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("dial");
	TCase *tc = tcase_create("dial");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
	    test_what_is_sent_is_acknowledged_in_time_or_it_is_over);
	tcase_add_test(tc, test_nobody_listens);
	tcase_add_test(tc, test_urls);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
