#include "ws.h"

#include <wslay/wslay.h>

#include "log.h"
#include "random.h"
#include "status.h"

static ssize_t
give_bytes(uint8_t *buf, size_t len, int flags, void *arg)
{
	struct ws *ws = arg;

	(void)flags;
	if (len > ws->in.len)
		len = ws->in.len;
	memcpy(buf, ws->in.p, len);
	ws->in.p += len;
	ws->in.len -= len;
	return (ssize_t)len;
}

static ssize_t
take_bytes(const uint8_t *data, size_t len, int flags, void *arg)
{
	struct ws *ws = arg;

	(void)flags;
	bytes_add(&ws->out, (struct slice){(const char *)data, len});
	return (ssize_t)len;
}

static int
make_mask(uint8_t *buf, size_t len, void *arg)
{
	(void)arg;
	random_bytes(buf, len);
	return 0;
}

void
ws_open(struct ws *ws)
{
	static const struct wslay_frame_callbacks callbacks = {
	    .recv_callback = give_bytes,
	    .send_callback = take_bytes,
	    .genmask_callback = make_mask};

	*ws = (struct ws){.in = SLICE("")};
	if (wslay_frame_context_init(&ws->frames, &callbacks, ws) != 0)
		die(STATUS_FAILED, "out of memory");
}

void
ws_close(struct ws *ws)
{
	wslay_frame_context_free(ws->frames);
	bytes_close(&ws->out);
	ws->frames = NULL;
}

void
ws_feed(struct ws *ws, struct slice bytes)
{
	ws->in = bytes;
}

static void
send_frame(struct ws *ws, uint8_t opcode, struct slice payload)
{
	struct wslay_frame_iocb frame = {.fin = 1,
	    .opcode = opcode,
	    .mask = 1,
	    .payload_length = payload.len,
	    .data = (const uint8_t *)payload.p,
	    .data_length = payload.len};

	/* It cannot block: take_bytes takes everything. */
	wslay_frame_send(ws->frames, &frame);
}

void
ws_text(struct ws *ws, struct slice text)
{
	send_frame(ws, WSLAY_TEXT_FRAME, text);
}

void
ws_goodbye(struct ws *ws, unsigned code)
{
	char payload[2] = {(char)(code >> 8), (char)(code & 0xff)};

	send_frame(ws, WSLAY_CONNECTION_CLOSE,
	    (struct slice){payload, sizeof(payload)});
}

/* What is wrong with a frame that begins, or NULL. */
static const char *
check(struct ws *ws, const struct wslay_frame_iocb *frame)
{
	if (frame->rsv != 0)
		return "a frame with reserved bits";
	if (frame->mask)
		return "a masked frame from the server";
	switch (frame->opcode) {
	case WSLAY_CONTINUATION_FRAME:
		return ws->inside ? NULL : "a continuation of no message";
	case WSLAY_TEXT_FRAME:
	case WSLAY_BINARY_FRAME:
		return ws->inside ? "a message inside a message" : NULL;
	case WSLAY_CONNECTION_CLOSE:
	case WSLAY_PING:
	case WSLAY_PONG:
		return NULL;
	default:
		return "a frame with an unknown opcode";
	}
}

/* A control frame is whole: section 5.5. */
static enum ws_kind
control(struct ws *ws, uint8_t opcode, struct ws_piece *piece)
{
	struct slice payload = piece->data;

	switch (opcode) {
	case WSLAY_PING:
		send_frame(ws, WSLAY_PONG, payload);
		return WS_PING;
	case WSLAY_PONG:
		return WS_PONG;
	default:
		if (payload.len >= 2) {
			piece->code = (unsigned char)payload.p[0] * 256u +
			    (unsigned char)payload.p[1];
			piece->data.p += 2;
			piece->data.len -= 2;
		}
		send_frame(ws, WSLAY_CONNECTION_CLOSE, payload);
		return WS_CLOSE;
	}
}

enum ws_kind
ws_next(struct ws *ws, struct ws_piece *piece)
{
	struct wslay_frame_iocb frame;
	ssize_t n;
	bool whole;

	*piece = (struct ws_piece){.data = SLICE("")};
	while ((n = wslay_frame_recv(ws->frames, &frame)) >= 0) {
		if (ws->got == 0 && (piece->wrong = check(ws, &frame)) != NULL)
			return WS_BROKEN;
		piece->data =
		    (struct slice){(const char *)frame.data, (size_t)n};
		ws->got += (size_t)n;
		whole = ws->got == frame.payload_length;
		if (!wslay_is_ctrl_frame(frame.opcode)) {
			piece->last = whole && frame.fin;
			ws->inside = !piece->last;
			if (whole)
				ws->got = 0;
			return WS_DATA;
		}
		memcpy(ws->control + ws->got - (size_t)n, frame.data,
		    (size_t)n);
		if (whole) {
			piece->data =
			    (struct slice){ws->control, (size_t)ws->got};
			ws->got = 0;
			return control(ws, frame.opcode, piece);
		}
	}
	if (n == WSLAY_ERR_WANT_READ)
		return WS_MORE;
	piece->wrong = "a frame that is not RFC 6455";
	return WS_BROKEN;
}
