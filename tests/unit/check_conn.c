/* conn: a connection whose output is paused for a while, on a clock turned by
   hand. The test is the server. */

#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../collector/conn.h"
#include "clock.h"

enum { WALL = 1700000000, MONO = 1000000, TURNS = 3000 };

static struct loop loop;
static struct conn_common common;
static struct conn conn;
static int listener, server;
static unsigned lines, ended;
static char heard[4096]; /* what the server was told, unmasked or not */
static size_t nheard;

static void
on_line(void *arg, struct conn *c, struct slice line, const struct peek *peek)
{
	(void)arg;
	(void)c;
	(void)line;
	(void)peek;
	lines++;
}

static void
on_other(void *arg, struct conn *c)
{
	(void)arg;
	(void)c;
}

static void
on_ended(void *arg, struct conn *c, enum conn_end how)
{
	(void)arg;
	(void)c;
	(void)how;
	ended++;
}

static const struct conn_hooks hooks = {
    .line = on_line, .ready = on_other, .drained = on_other, .ended = on_ended};

static void
setup(void)
{
	struct sockaddr_in addr = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(addr);
	char url[64];

	clock_hold(WALL, MONO);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&addr, len), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&addr, &len);
	snprintf(url, sizeof(url), "ws://127.0.0.1:%u/", ntohs(addr.sin_port));
	common = (struct conn_common){
	    .loop = &loop, .hooks = &hooks, .read_max = CONN_READ_MAX};
	ck_assert_int_eq(loop_open(&loop), 0);
	ck_assert_int_eq(dialer_open(&common.dialer, &loop), 0);
	ck_assert_int_eq(dial_parse(url, &common.endpoint), 0);
	window_open(&common.window, WINDOW_ROW, 1);
	conn_open(&conn, &common);
	server = -1;
	lines = ended = 0;
	nheard = 0;
}

static void
teardown(void)
{
	conn_close(&conn);
	window_close(&common.window);
	dialer_close(&common.dialer);
	loop_close(&loop);
	close(server);
	close(listener);
	clock_release();
}

/* One turn, and what it made the connection say. */
static void
turn(void)
{
	ssize_t n;

	ck_assert_int_eq(loop_turn(&loop, clock_mono() + 10), 0);
	if (server == -1) {
		server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
		setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &(int){1},
		    sizeof(int));
	}
	n = recv(server, heard + nheard, sizeof(heard) - 1 - nheard,
	    MSG_DONTWAIT);
	if (n > 0)
		nheard += (size_t)n;
	heard[nheard] = '\0';
}

/* Let time pass, in steps: what is due happens, and nothing twice. */
static void
pass(int64_t ms)
{
	for (; ms > 0; ms -= 1000) {
		clock_turn(1000);
		turn();
		conn_pause(&conn);
	}
}

static void
set_paused(bool paused)
{
	common.paused = paused;
	conn_pause(&conn);
}

static void
until_state(enum conn_state state)
{
	for (int i = 0; i < TURNS && conn.state != state && ended == 0; i++)
		turn();
	ck_assert_uint_eq(ended, 0);
	ck_assert_int_eq(conn.state, state);
}

/* Lines, in a frame. */
static void
say(const char *text)
{
	unsigned char frame[256] = {0x81, (unsigned char)strlen(text)};

	ck_assert_uint_lt(strlen(text), 126);
	memcpy(frame + 2, text, strlen(text));
	ck_assert_int_eq(send(server, frame, 2 + strlen(text), 0),
	    (ssize_t)(2 + strlen(text)));
}

static void
upgrade(void)
{
	unsigned char digest[20];
	char text[128], accept[32], answer[256];
	int n;

	until_state(CONN_UPGRADING);
	for (int i = 0; i < TURNS && strstr(heard, "\r\n\r\n") == NULL; i++)
		turn();
	n = snprintf(text, sizeof(text),
	    "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", conn.key);
	EVP_Digest(text, (size_t)n, digest, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)accept, digest, sizeof(digest));
	n = snprintf(answer, sizeof(answer),
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
	    accept);
	ck_assert_int_eq(send(server, answer, (size_t)n, 0), n);
}

static void
log_in(void)
{
	conn_start(&conn, NULL, NULL);
	upgrade();
	until_state(CONN_LOGIN);
	say(":x 001 nick :Welcome\r\n");
	until_state(CONN_READY);
}

/* The server throws the connection away; what it said is on its way. */
static void
reset(void)
{
	struct linger now = {.l_onoff = 1};

	ck_assert_int_eq(setsockopt(server, SOL_SOCKET, SO_LINGER, &now,
			     sizeof(now)),
	    0);
	close(server);
	server = -1;
}

static void
until_ended(void)
{
	for (int i = 0; i < TURNS && ended == 0; i++)
		ck_assert_int_eq(loop_turn(&loop, clock_mono() + 10), 0);
	ck_assert_uint_eq(ended, 1);
}

START_TEST(test_login_goes_on_in_a_pause)
{
	set_paused(true);
	log_in();
	say(":x 002 nick :one line more\r\n");
	pass(60 * 1000);
	ck_assert_uint_eq(ended, 0);
	ck_assert_uint_eq(lines, 1);
	set_paused(false);
	turn();
	ck_assert_uint_eq(lines, 2);
}
END_TEST

START_TEST(test_answer_unread_in_a_pause_is_no_silence)
{
	log_in();
	pass(CONN_SILENCE_MS);
	ck_assert_int_ne(conn.asked, 0);
	set_paused(true);
	say(":x PONG x :ws-reader\r\n");
	pass(60 * 1000);
	ck_assert_uint_eq(ended, 0);
	set_paused(false);
	turn();
	ck_assert_uint_eq(lines, 2);
	ck_assert_int_eq(conn.heard, clock_mono());
}
END_TEST

START_TEST(test_silence_after_a_pause_is_found)
{
	log_in();
	set_paused(true);
	pass(60 * 1000);
	set_paused(false);
	pass(2 * CONN_SILENCE_MS + CONN_ANSWER_MS);
	ck_assert_uint_eq(ended, 1);
	ck_assert_int_eq(conn.how, CONN_SILENT);
}
END_TEST

START_TEST(test_what_waits_unread_was_not_heard)
{
	int64_t before;

	log_in();
	before = conn.heard;
	set_paused(true);
	pass(60 * 1000);
	ck_assert_int_eq(conn.heard, before);
}
END_TEST

START_TEST(test_what_waits_is_read_though_nothing_can_be_sent)
{
	log_in();
	say(":x 002 nick :one\r\n");
	say(":x 003 nick :two\r\n");
	reset();
	conn_send(&conn, SLICE("PONG :x\r\n"));
	ck_assert(conn_busy(&conn));
	until_ended();
	ck_assert_uint_eq(lines, 3);
	ck_assert_int_eq(conn.how, CONN_LOST);
	ck_assert_str_eq(conn.reason, "cannot send: Connection reset by peer");
}
END_TEST

START_TEST(test_nor_in_a_pause)
{
	log_in();
	set_paused(true);
	say(":x 002 nick :one\r\n");
	reset();
	conn_send(&conn, SLICE("PONG :x\r\n"));
	for (int i = 0; i < 60; i++) {
		clock_turn(1000);
		ck_assert_int_eq(loop_turn(&loop, clock_mono()), 0);
	}
	ck_assert_uint_eq(ended, 0);
	set_paused(false);
	until_ended();
	ck_assert_uint_eq(lines, 2);
}
END_TEST

/* When it ended, nobody knows: after it was last heard before the pause. */
START_TEST(test_what_is_read_late_is_not_complete)
{
	int64_t before;

	log_in();
	before = conn.heard;
	set_paused(true);
	say(":x 002 nick :one\r\n");
	close(server);
	server = -1;
	clock_turn(60 * 1000);
	set_paused(false);
	until_ended();
	ck_assert_uint_eq(lines, 2);
	ck_assert_int_eq(conn.how, CONN_SHUT);
	ck_assert(conn.behind);
	ck_assert_int_eq(conn.heard, clock_mono());
	ck_assert_int_eq(conn.complete, before);
}
END_TEST

START_TEST(test_after_a_pause_all_is_read)
{
	log_in();
	set_paused(true);
	say(":x 002 nick :one\r\n");
	clock_turn(1000);
	set_paused(false);
	turn();
	ck_assert_uint_eq(lines, 2);
	ck_assert(!conn.behind);
	ck_assert_int_eq(conn.complete, clock_mono());
}
END_TEST

/* Sending may fail though the stream does not end. */
START_TEST(test_what_cannot_send_ends)
{
	log_in();
	shutdown(conn.stream.fd, SHUT_WR);
	conn_send(&conn, SLICE("PONG :x\r\n"));
	say(":x 002 nick :one\r\n");
	for (int i = 0; i < TURNS && lines < 2; i++)
		turn();
	ck_assert_uint_eq(ended, 0);
	clock_turn(CONN_ANSWER_MS);
	until_ended();
	ck_assert_str_eq(conn.reason, "cannot send: Broken pipe");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("conn");
	TCase *tc = tcase_create("conn");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_login_goes_on_in_a_pause);
	tcase_add_test(tc, test_answer_unread_in_a_pause_is_no_silence);
	tcase_add_test(tc, test_silence_after_a_pause_is_found);
	tcase_add_test(tc, test_what_waits_unread_was_not_heard);
	tcase_add_test(tc, test_what_waits_is_read_though_nothing_can_be_sent);
	tcase_add_test(tc, test_nor_in_a_pause);
	tcase_add_test(tc, test_what_cannot_send_ends);
	tcase_add_test(tc, test_what_is_read_late_is_not_complete);
	tcase_add_test(tc, test_after_a_pause_all_is_read);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
