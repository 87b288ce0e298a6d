#ifndef COLLECTOR_CONN_H
#define COLLECTOR_CONN_H

#include "dial.h"
#include "lines.h"
#include "login.h"
#include "peek.h"
#include "stream.h"
#include "upgrade.h"
#include "window.h"
#include "ws.h"

/*
 * One connection, from the dial to its end: TCP, TLS, the WebSocket upgrade,
 * the login; then lines. It answers PINGs, both kinds, before anything else
 * happens with them, asks a silent server for a sign of life, and ends with
 * the reason in words.
 */
enum {
	CONN_SETUP_MS = 20000,   /* from the dial to the welcome */
	CONN_SILENCE_MS = 15000, /* then we ask */
	CONN_ANSWER_MS = 5000,   /* then it is dead */
	CONN_READ_MAX = 64 * 1024,
	CONN_REASON_MAX = 256
};

enum conn_state {
	CONN_CLOSED,
	CONN_CONNECTING,
	CONN_UPGRADING,
	CONN_LOGIN,
	CONN_READY
};

/* Why a connection ended, as far as that decides what happens next. */
enum conn_end {
	CONN_LOST,         /* an error on the way: try again, as after these: */
	CONN_SHUT,         /* the server closed it */
	CONN_SILENT,       /* it gave no sign of life */
	CONN_MUTE,         /* what we say is not answered */
	CONN_LEFT,         /* we have left it for its successor */
	CONN_MISDIRECTED,  /* the URL is wrong */
	CONN_LOGIN_REFUSED /* the token is wrong */
};

struct conn;

struct conn_hooks {
	/* A line that no connection had before, and what was seen of it;
	   borrowed. */
	void (*line)(void *arg, struct conn *conn, struct slice line,
	    const struct peek *peek);
	/* Logged in: channels may be joined. */
	void (*ready)(void *arg, struct conn *conn);
	/* All that waited is sent, after conn_busy was true. */
	void (*drained)(void *arg, struct conn *conn);
	/* It is closed. conn->reason says why. */
	void (*ended)(void *arg, struct conn *conn, enum conn_end how);
};

/* What all connections have in common. */
struct conn_common {
	struct loop *loop;
	struct dialer dialer;
	struct tls tls;
	struct endpoint endpoint;
	bool membership;
	bool paused;     /* nothing is read; see conn_pause */
	size_t read_max; /* bytes at once, of CONN_READ_MAX */
	struct window window;
	const struct conn_hooks *hooks;
	void *arg;
	char block[CONN_READ_MAX];
	uint64_t received; /* bytes */
	uint64_t too_long; /* lines that were left out */
	int64_t ping_ms;   /* the last PING's round trip; -1: none yet */
};

struct conn {
	struct conn_common *common;
	enum conn_state state;
	int64_t since;         /* of the state, on clock_mono() */
	int64_t heard;         /* the last sign of life, on clock_mono() */
	int64_t heard_wall;    /* and on clock_wall() */
	int64_t complete;      /* all that came before is read; of heard */
	int64_t complete_wall; /* and of heard_wall */
	int64_t asked;  /* since when a sign of life is due; 0: none is */
	int64_t pinged; /* when we sent the PING that has no PONG; 0 */
	bool broken;    /* nothing can be sent any more: see reason */
	bool behind;    /* what came long ago is not all read yet */
	bool inside;    /* an event is being handled */
	bool over;      /* it ends when that is done */
	enum conn_end how;
	char reason[CONN_REASON_MAX];
	char nick[LOGIN_NICK_MAX];
	char token[LOGIN_TOKEN_MAX]; /* empty: anonymous; until it is sent */
	char key[UPGRADE_KEY_MAX];
	struct bytes head; /* of the answer to the upgrade, so far */
	struct dial dial;
	struct stream stream;
	struct watch watch;
	struct alarm alarm; /* liveness */
	struct alarm again; /* more to read at once */
	struct ws ws;
	struct lines lines;
};

/* Zero it first; it must not move. */
void conn_open(struct conn *conn, struct conn_common *common);

/*
 * Begin; conn is closed. account is NULL for an anonymous login, then token
 * is too. Hooks follow, `ended` as the last.
 */
void conn_start(struct conn *conn, const char *account, const char *token);

/* End it; `ended` follows, never at once. */
void conn_end(struct conn *conn, enum conn_end how, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Close it without a word to the hooks. */
void conn_close(struct conn *conn);

/* Send one IRC line, with its CR LF. The connection is ready. */
void conn_send(struct conn *conn, struct slice line);

/* True while something waits to be sent, or nothing can be. */
bool conn_busy(const struct conn *conn);

/* For talk.c: go on to a state; send what waits in conn->ws.out. */
void conn_set_state(struct conn *conn, enum conn_state state);
void conn_flush(struct conn *conn);

/* Follow common->paused: read nothing, or read again. */
void conn_pause(struct conn *conn);

/* Nothing was read for a while: what has come, or ended, may be old. */
void conn_fall_behind(struct conn *conn);

/* The state as status.json has it. */
const char *conn_state_name(enum conn_state state);

#endif
