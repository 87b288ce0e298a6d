#include "talk.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"

/* Looked for in the window together, so that none waits for its memory. */
enum { LINES_AT_ONCE = 16 };

static void
log_in(struct conn *conn)
{
	const char *token = conn->token[0] == '\0' ? NULL : conn->token;
	char line[LOGIN_LINE_MAX];

	conn_set_state(conn, CONN_LOGIN);
	for (int i = 0;
	    login_line(i, conn->common->membership, token, conn->nick, line);
	    i++)
		conn_send(conn, slice_of(line));
	explicit_bzero(conn->token, sizeof(conn->token));
	explicit_bzero(line, sizeof(line));
}

/* What a line before the welcome means. */
static void
see_login(struct conn *conn, const struct peek *peek)
{
	char line[LOGIN_LINE_MAX];

	switch (peek->command) {
	case PEEK_CAP:
		if (!slice_eq(peek->param[1], SLICE("NAK")))
			return;
		for (int i = 0; login_plain(i, conn->nick, line); i++)
			conn_send(conn, slice_of(line));
		return;
	case PEEK_NOTICE:
		if (login_refused(peek->param[1]))
			conn_end(conn, CONN_LOGIN_REFUSED, "%.*s",
			    (int)peek->param[1].len, peek->param[1].p);
		return;
	case PEEK_WELCOME:
		if (peek->param[0].len > 0 &&
		    peek->param[0].len < sizeof(conn->nick))
			snprintf(conn->nick, sizeof(conn->nick), "%.*s",
			    (int)peek->param[0].len, peek->param[0].p);
		conn_set_state(conn, CONN_READY);
		return;
	default:
		return;
	}
}

static void
answer_ping(struct conn *conn, struct slice payload)
{
	char line[LOGIN_LINE_MAX];
	int room = (int)sizeof(line) - 16;

	snprintf(line, sizeof(line), "PONG :%.*s\r\n",
	    payload.len < (size_t)room ? (int)payload.len : room, payload.p);
	conn_send(conn, slice_of(line));
}

/* The PONG to our PING is here. */
static void
measure(struct conn *conn)
{
	if (conn->pinged != 0)
		conn->common->ping_ms = clock_mono() - conn->pinged;
	conn->pinged = 0;
}

/* A line that has come. */
struct heard {
	struct slice line;
	struct peek peek;
	uint64_t key; /* in the window */
};

static void
take_line(struct conn *conn, const struct heard *h)
{
	const struct conn_hooks *hooks = conn->common->hooks;
	bool login = conn->state == CONN_LOGIN;

	if (h->peek.command == PEEK_PING)
		answer_ping(conn, h->peek.param[0]);
	else if (h->peek.command == PEEK_PONG)
		measure(conn);
	else if (login)
		see_login(conn, &h->peek);
	if (window_pass(&conn->common->window, h->key))
		hooks->line(conn->common->arg, conn, h->line, &h->peek);
	if (login && conn->state == CONN_READY && !conn->over)
		hooks->ready(conn->common->arg, conn);
}

/* The next lines, while they last: at most LINES_AT_ONCE. */
static int
next_lines(struct conn *conn, struct heard heard[LINES_AT_ONCE])
{
	struct heard *h = heard;

	while (h < heard + LINES_AT_ONCE &&
	    lines_next(&conn->lines, &h->line)) {
		h->peek = peek_line(h->line);
		h->key = window_seek(&conn->common->window, h->line, &h->peek);
		h++;
		/* This one lasts no longer. */
		if (conn->lines.given > 0)
			break;
	}
	return (int)(h - heard);
}

static void
take_text(struct conn *conn, const struct ws_piece *piece)
{
	static struct log_limit limit;
	struct heard heard[LINES_AT_ONCE];
	unsigned long held;
	int n;

	lines_feed(&conn->lines, piece->data, piece->last);
	while ((n = next_lines(conn, heard)) > 0)
		for (int i = 0; i < n && !conn->over; i++)
			take_line(conn, &heard[i]);
	if (conn->lines.too_long == 0)
		return;
	conn->common->too_long += conn->lines.too_long;
	conn->lines.too_long = 0;
	if (log_limit(&limit, &held))
		log_warn("a line longer than %d bytes is left out", LINES_MAX);
}

/* Handle the frames in these bytes. */
static void
take_frames(struct conn *conn, struct slice bytes)
{
	struct ws_piece piece;

	ws_feed(&conn->ws, bytes);
	while (!conn->over) {
		switch (ws_next(&conn->ws, &piece)) {
		case WS_MORE:
			conn_flush(conn);
			return;
		case WS_DATA:
			take_text(conn, &piece);
			break;
		case WS_CLOSE:
			conn_flush(conn);
			conn_end(conn, CONN_SHUT,
			    "closed by the server: %u%s%.*s", piece.code,
			    piece.data.len > 0 ? " " : "", (int)piece.data.len,
			    piece.data.p);
			break;
		case WS_BROKEN:
			ws_goodbye(&conn->ws, 1002);
			conn_flush(conn);
			conn_end(conn, CONN_LOST, "%s", piece.wrong);
			break;
		case WS_PING:
		case WS_PONG:
			break;
		}
	}
}

void
talk_begin(struct conn *conn)
{
	struct endpoint *endpoint = &conn->common->endpoint;
	char request[UPGRADE_REQUEST_MAX];
	int n;

	conn_set_state(conn, CONN_UPGRADING);
	upgrade_key(conn->key);
	n = upgrade_request(endpoint->authority, endpoint->tls, endpoint->path,
	    conn->key, request);
	bytes_add(&conn->ws.out, (struct slice){request, (size_t)n});
	conn_flush(conn);
}

static void
take_answer(struct conn *conn, struct slice bytes)
{
	struct upgrade_answer answer;

	bytes_add(&conn->head, bytes);
	if (!upgrade_answer(bytes_all(&conn->head), conn->key, &answer))
		return;
	if (answer.location.len > 0) {
		conn_end(conn, CONN_MISDIRECTED,
		    "the server has moved (%d): give --url '%.*s'",
		    answer.status, (int)answer.location.len, answer.location.p);
		return;
	}
	if (answer.wrong != NULL && answer.status != 0) {
		conn_end(conn, CONN_LOST, "%s (HTTP %d)", answer.wrong,
		    answer.status);
		return;
	}
	if (answer.wrong != NULL) {
		conn_end(conn, CONN_LOST, "%s", answer.wrong);
		return;
	}
	log_in(conn);
	bytes = bytes_all(&conn->head);
	bytes.p += answer.length;
	bytes.len -= answer.length;
	take_frames(conn, bytes);
	bytes_close(&conn->head);
}

void
talk_bytes(struct conn *conn, struct slice bytes)
{
	if (conn->state == CONN_UPGRADING)
		take_answer(conn, bytes);
	else
		take_frames(conn, bytes);
}
