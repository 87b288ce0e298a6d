#include "conn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "talk.h"

enum {
	READS = 8,             /* blocks in a row before others have a turn */
	UNSENT_MAX = 64 * 1024 /* the server does not read */
};

static void on_dialed(void *arg, int fd, const char *why);
static void on_ready(void *arg, uint32_t events);
static void on_again(void *arg);
static void on_alarm(void *arg);

void
conn_open(struct conn *conn, struct conn_common *common)
{
	conn->common = common;
	conn->dial = (struct dial){.done = on_dialed, .arg = conn};
	conn->stream.fd = -1;
	conn->alarm = (struct alarm){.due = on_alarm, .arg = conn};
	conn->again = (struct alarm){.due = on_again, .arg = conn};
}

void
conn_set_state(struct conn *conn, enum conn_state state)
{
	conn->state = state;
	conn->since = clock_mono();
	if (state == CONN_READY)
		loop_alarm(conn->common->loop, &conn->alarm,
		    conn->since + CONN_SILENCE_MS);
}

static void
heard(struct conn *conn)
{
	conn->heard = clock_mono();
	conn->heard_wall = clock_wall();
}

/* Nothing that came before waits to be read. */
static void
catch_up(struct conn *conn)
{
	conn->behind = false;
	conn->complete = conn->heard;
	conn->complete_wall = conn->heard_wall;
}

void
conn_start(struct conn *conn, const char *account, const char *token)
{
	struct conn_common *common = conn->common;

	conn_set_state(conn, CONN_CONNECTING);
	heard(conn);
	catch_up(conn);
	conn->asked = conn->pinged = 0;
	conn->over = conn->broken = false;
	if (account == NULL)
		login_anonymous(conn->nick);
	else
		snprintf(conn->nick, sizeof(conn->nick), "%s", account);
	snprintf(conn->token, sizeof(conn->token), "%s",
	    token == NULL ? "" : token);
	ws_open(&conn->ws);
	conn->lines = (struct lines){.given = 0};
	dial_start(&conn->dial, &common->dialer, &common->endpoint);
	loop_alarm(common->loop, &conn->alarm, conn->since + CONN_SETUP_MS);
}

void
conn_close(struct conn *conn)
{
	struct loop *loop = conn->common->loop;

	if (conn->state == CONN_CLOSED)
		return;
	conn_set_state(conn, CONN_CLOSED);
	explicit_bzero(conn->token, sizeof(conn->token));
	dial_stop(&conn->dial);
	loop_watch(loop, &conn->watch, 0);
	loop_cancel(loop, &conn->alarm);
	loop_cancel(loop, &conn->again);
	stream_close(&conn->stream);
	ws_close(&conn->ws);
	lines_close(&conn->lines);
	bytes_close(&conn->head);
}

/* An event is handled: if it ended the connection, now is the time. */
static void
leave(struct conn *conn)
{
	conn->inside = false;
	if (!conn->over)
		return;
	conn_close(conn);
	conn->common->hooks->ended(conn->common->arg, conn, conn->how);
}

/* It ends, and conn->reason says why. */
static void
finish(struct conn *conn, enum conn_end how)
{
	conn->over = true;
	conn->how = how;
	if (!conn->inside)
		loop_alarm(conn->common->loop, &conn->again, clock_mono());
}

void
conn_end(struct conn *conn, enum conn_end how, const char *fmt, ...)
{
	va_list ap;

	if (conn->over || conn->state == CONN_CLOSED)
		return;
	va_start(ap, fmt);
	vsnprintf(conn->reason, sizeof(conn->reason), fmt, ap);
	va_end(ap);
	finish(conn, how);
}

bool
conn_busy(const struct conn *conn)
{
	return conn->broken || conn->ws.out.len > 0;
}

/* A login goes on while the output is full: no server waits for it long. */
static bool
may_read(const struct conn *conn)
{
	return !conn->common->paused || conn->state < CONN_READY;
}

/* Watch for what can go on now. */
static void
watch(struct conn *conn)
{
	uint32_t events = may_read(conn) ? EPOLLIN : 0;

	if (conn->ws.out.len > 0 || conn->stream.wants_write)
		events |= EPOLLOUT;
	/* Neither: what went wrong with it would show again and again. */
	loop_watch(conn->common->loop, &conn->watch, events);
}

/*
 * The server is gone, but what it said before may wait to be read. That is
 * not for long: where the stream does not end, CONN_ANSWER_MS later it does.
 */
static void
stop_sending(struct conn *conn)
{
	conn->broken = true;
	snprintf(conn->reason, sizeof(conn->reason), "cannot send: %s",
	    conn->stream.why);
	if (conn->state == CONN_READY)
		loop_alarm(conn->common->loop, &conn->alarm,
		    clock_mono() + CONN_ANSWER_MS);
}

void
conn_flush(struct conn *conn)
{
	while (!conn->broken && conn->ws.out.len > 0) {
		struct slice out = bytes_all(&conn->ws.out);
		ssize_t n = stream_send(&conn->stream, out.p, out.len);

		if (n == STREAM_ERROR)
			stop_sending(conn);
		if (n <= 0)
			break;
		bytes_take(&conn->ws.out, (size_t)n);
	}
	if (conn->broken)
		bytes_close(&conn->ws.out);
	if (conn->ws.out.len > UNSENT_MAX)
		conn_end(conn, CONN_LOST, "the server does not read");
	if (!conn->over)
		watch(conn);
}

void
conn_send(struct conn *conn, struct slice line)
{
	ws_text(&conn->ws, line);
	conn_flush(conn);
}

/* All is read: how it ended. */
static void
end_stream(struct conn *conn, ssize_t n)
{
	if (conn->over)
		return;
	if (conn->broken)
		finish(conn, CONN_LOST);
	else if (n == 0)
		conn_end(conn, CONN_SHUT, "the server closed the connection");
	else
		conn_end(conn, CONN_LOST, "%s", conn->stream.why);
}

/* Read a few blocks, handling each. */
static void
receive(struct conn *conn)
{
	struct conn_common *common = conn->common;
	ssize_t n = STREAM_AGAIN;

	for (int i = 0; i < READS && !conn->over && may_read(conn); i++) {
		n = stream_recv(&conn->stream, common->block, common->read_max);
		if (n == STREAM_AGAIN)
			catch_up(conn);
		if (n <= 0)
			break;
		heard(conn);
		if (!conn->behind)
			catch_up(conn);
		conn->asked = 0;
		common->received += (uint64_t)n;
		talk_bytes(conn, (struct slice){common->block, (size_t)n});
	}
	if (n == 0 || n == STREAM_ERROR)
		end_stream(conn, n);
	else if (n > 0 && !conn->over && stream_pending(&conn->stream))
		loop_alarm(common->loop, &conn->again, clock_mono());
}

static void
shake_hands(struct conn *conn)
{
	switch (stream_handshake(&conn->stream)) {
	case 1:
		talk_begin(conn);
		break;
	case STREAM_ERROR:
		conn_end(conn, CONN_LOST, "TLS: %s", conn->stream.why);
		break;
	default:
		watch(conn);
	}
}

static void
on_dialed(void *arg, int fd, const char *why)
{
	struct conn *conn = arg;
	struct conn_common *common = conn->common;

	conn->inside = true;
	if (fd == -1) {
		conn_end(conn, CONN_LOST, "cannot connect: %s", why);
	} else {
		conn->watch =
		    (struct watch){.fd = fd, .ready = on_ready, .arg = conn};
		stream_open(&conn->stream, fd,
		    common->endpoint.tls ? &common->tls : NULL,
		    common->endpoint.host);
		shake_hands(conn);
	}
	leave(conn);
}

static void
on_ready(void *arg, uint32_t events)
{
	struct conn *conn = arg;
	bool busy = conn_busy(conn);

	conn->inside = true;
	if (conn->state == CONN_CONNECTING && !conn->over)
		shake_hands(conn);
	else if (events & EPOLLOUT && !conn->over)
		conn_flush(conn);
	if (conn->state > CONN_CONNECTING && !conn->over)
		receive(conn);
	if (busy && !conn->over && !conn_busy(conn))
		conn->common->hooks->drained(conn->common->arg, conn);
	leave(conn);
}

static void
on_again(void *arg)
{
	on_ready(arg, EPOLLIN);
}

static void
check_life(struct conn *conn, int64_t now)
{
	if (conn->common->paused) { /* what has come waits unread */
		loop_alarm(conn->common->loop, &conn->alarm,
		    now + CONN_SILENCE_MS);
		return;
	}
	if (conn->broken) {
		finish(conn, CONN_LOST);
		return;
	}
	if (conn->asked != 0 && now - conn->asked >= CONN_ANSWER_MS) {
		conn_end(conn, CONN_SILENT, "no data for %d s",
		    (CONN_SILENCE_MS + CONN_ANSWER_MS) / 1000);
		return;
	}
	if (conn->asked == 0 && now - conn->heard >= CONN_SILENCE_MS) {
		conn->asked = conn->pinged = now;
		conn_send(conn, SLICE("PING :ws-reader\r\n"));
	}
	loop_alarm(conn->common->loop, &conn->alarm,
	    conn->asked != 0 ? conn->asked + CONN_ANSWER_MS :
			       conn->heard + CONN_SILENCE_MS);
}

static void
on_alarm(void *arg)
{
	struct conn *conn = arg;

	conn->inside = true;
	if (conn->state == CONN_READY)
		check_life(conn, clock_mono());
	else
		conn_end(conn, CONN_LOST, "no answer in %d s while %s",
		    CONN_SETUP_MS / 1000, conn_state_name(conn->state));
	leave(conn);
}

void
conn_pause(struct conn *conn)
{
	if (conn->stream.fd != -1 && conn->state > CONN_CONNECTING) {
		watch(conn);
		if (conn->common->paused)
			conn_fall_behind(conn);
		else
			loop_alarm(conn->common->loop, &conn->again,
			    clock_mono());
	}
}

void
conn_fall_behind(struct conn *conn)
{
	conn->asked = 0; /* the answer may wait unread */
	conn->behind = true;
}

const char *
conn_state_name(enum conn_state state)
{
	static const char *const names[] = {[CONN_CLOSED] = "closed",
	    [CONN_CONNECTING] = "connecting",
	    [CONN_UPGRADING] = "upgrade",
	    [CONN_LOGIN] = "login",
	    [CONN_READY] = "ready"};

	return names[state];
}
