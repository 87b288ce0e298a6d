#include "ws.h"

#include <string.h>

#include <wslay/wslay.h>

#include "client.h"
#include "irc.h"
#include "log.h"
#include "status.h"

/* wslay asks for bytes: what the socket gave. */
static ssize_t
on_recv(wslay_event_context_ptr ws, uint8_t *buf, size_t len, int flags,
    void *user)
{
	struct client *c = user;
	size_t n = c->unread.len < len ? c->unread.len : len;

	(void)flags;
	if (n == 0) {
		wslay_event_set_error(ws, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	memcpy(buf, c->unread.p, n);
	c->unread.p += n;
	c->unread.len -= n;
	return (ssize_t)n;
}

/* wslay has bytes to send. */
static ssize_t
on_send(wslay_event_context_ptr ws, const uint8_t *data, size_t len, int flags,
    void *user)
{
	struct client *c = user;

	(void)ws;
	(void)flags;
	buffer_append(&c->out, data, len);
	return (ssize_t)len;
}

static void
on_message(wslay_event_context_ptr ws,
    const struct wslay_event_on_msg_recv_arg *arg, void *user)
{
	struct client *c = user;

	(void)ws;
	if (arg->opcode == WSLAY_TEXT_FRAME && c->phase == CLIENT_OPEN)
		irc_receive(c,
		    (struct slice){(const char *)arg->msg, arg->msg_length});
}

void
ws_open(struct client *c)
{
	static const struct wslay_event_callbacks callbacks = {
	    .recv_callback = on_recv,
	    .send_callback = on_send,
	    .on_msg_recv_callback = on_message};

	if (wslay_event_context_server_init(&c->ws, &callbacks, c) != 0)
		die(STATUS_FAILED, "out of memory");
	wslay_event_config_set_max_recv_msg_length(c->ws, WS_MESSAGE_MAX);
}

void
ws_free(struct client *c)
{
	if (c->ws != NULL)
		wslay_event_context_free(c->ws);
}

bool
ws_receive(struct client *c, struct slice bytes)
{
	c->unread = bytes;
	if (wslay_event_recv(c->ws) != 0)
		return false;
	/* Its own answers: a pong, a close. */
	return wslay_event_send(c->ws) == 0 && wslay_event_want_read(c->ws);
}

static void
queue(struct client *c, const struct wslay_event_msg *msg)
{
	if (wslay_event_queue_msg(c->ws, msg) == WSLAY_ERR_NOMEM)
		die(STATUS_FAILED, "out of memory");
	wslay_event_send(c->ws);
	c->sim->record.counts.frames++;
}

void
ws_text(struct client *c, struct slice payload)
{
	struct wslay_event_msg msg = {
	    WSLAY_TEXT_FRAME, (const uint8_t *)payload.p, payload.len};

	queue(c, &msg);
}

void
ws_close(struct client *c, uint16_t status)
{
	if (wslay_event_queue_close(c->ws, status, NULL, 0) == WSLAY_ERR_NOMEM)
		die(STATUS_FAILED, "out of memory");
	wslay_event_send(c->ws);
}
