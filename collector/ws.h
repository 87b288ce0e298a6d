#ifndef COLLECTOR_WS_H
#define COLLECTOR_WS_H

#include <stdint.h>

#include "bytes.h"

/*
 * WebSocket frames of a client (RFC 6455, section 5), without I/O: bytes in,
 * pieces of messages out; messages in, bytes to send out.
 *
 *	ws_feed(&ws, received);
 *	while ((kind = ws_next(&ws, &piece)) != WS_MORE)
 *		...
 *	send what is in ws.out
 *
 * A message is handed on as it arrives, never gathered, so its length needs
 * no bound. Text is not checked to be UTF-8, against section 8.1: to lose a
 * connection of ninety channels for one bad byte helps nobody, and the record
 * that the byte ends up in is made valid there.
 */
enum ws_kind {
	WS_MORE,  /* nothing more until ws_feed */
	WS_DATA,  /* a piece of a text or binary message */
	WS_PING,  /* its PONG is in `out` already */
	WS_PONG,  /* the payload in piece.data */
	WS_CLOSE, /* the server's close, answered in `out` */
	WS_BROKEN /* not RFC 6455; piece.wrong says why */
};

struct ws_piece {
	struct slice data; /* borrowed until the next call */
	bool last;         /* the message ends with this piece */
	unsigned code;     /* of WS_CLOSE, 0 when it has none */
	const char *wrong;
};

enum { WS_CONTROL_MAX = 125 };

struct ws {
	struct wslay_frame_context *frames;
	struct slice in;
	struct bytes out;
	uint64_t got;                 /* of the frame that is being read */
	char control[WS_CONTROL_MAX]; /* of a control frame, so far */
	bool inside;                  /* a message has begun, not ended */
};

void ws_open(struct ws *ws);
void ws_close(struct ws *ws);

/* Bytes from the server, borrowed until ws_next has returned WS_MORE. */
void ws_feed(struct ws *ws, struct slice bytes);

/* What comes next. After WS_CLOSE or WS_BROKEN feed it no more. */
enum ws_kind ws_next(struct ws *ws, struct ws_piece *piece);

/* Add to `out` a text message; or the close frame with this code. */
void ws_text(struct ws *ws, struct slice text);
void ws_goodbye(struct ws *ws, unsigned code);

#endif
