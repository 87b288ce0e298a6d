#include "opening.h"

#include "client.h"
#include "clock.h"
#include "irc.h"
#include "log.h"
#include "quantity.h"
#include "status.h"
#include "upgrade.h"
#include "ws.h"

/* Where Twitch sends who comes to its plain port. */
static const char secure_url[] = "wss://irc-ws.chat.twitch.tv:443";

bool
opening_set(struct opening *o, struct slice word)
{
	static const char *const names[] = {[OPENING_ACCEPT] = "accept",
	    [OPENING_SILENT] = "silent",
	    [OPENING_HALF] = "half",
	    [OPENING_GARBAGE] = "garbage",
	    [OPENING_MUTE] = "mute"};
	char digits[4] = "";
	int64_t status;

	for (int i = 0; i <= OPENING_MUTE; i++) {
		if (names[i] != NULL && slice_eq(slice_of(names[i]), word)) {
			o->manner = (enum manner)i;
			return true;
		}
	}
	if (word.len != sizeof(digits) - 1)
		return false;
	memcpy(digits, word.p, word.len);
	if (quantity_number(digits, 200, 599, &status) == -1)
		return false;
	o->manner = OPENING_STATUS;
	o->status = (int)status;
	return true;
}

void
opening_open(struct opening *o, const struct config *config)
{
	if (config->redirect) {
		o->manner = OPENING_STATUS;
		o->status = 301;
	}
	if (config->upgrade != NULL &&
	    !opening_set(o, slice_of(config->upgrade)))
		die(STATUS_USAGE, "--upgrade: not a way to answer: '%s'",
		    config->upgrade);
}

static void
put(struct client *c, const char *bytes)
{
	buffer_append(&c->out, bytes, strlen(bytes));
}

/* The answer that the request deserves. */
static void
answer_duly(struct client *c, struct slice request)
{
	char answer[UPGRADE_ANSWER_MAX];
	int status = upgrade_answer(request, answer);

	put(c, answer);
	if (status != 101) {
		client_close(c);
		return;
	}
	ws_open(c);
	c->phase = CLIENT_OPEN;
	irc_begin(c);
}

static void
refuse(struct client *c, int status)
{
	char answer[UPGRADE_ANSWER_MAX];
	bool moved = status >= 300 && status < 400;

	upgrade_refuse(status, moved ? secure_url : NULL, answer);
	put(c, answer);
	client_close(c);
}

static void
answer(struct client *c, struct slice request)
{
	struct opening *o = &c->sim->opening;

	if (o->until != 0 && clock_mono() >= o->until)
		*o = (struct opening){.manner = OPENING_ACCEPT};
	if (o->manner == OPENING_ACCEPT || o->manner == OPENING_MUTE)
		answer_duly(c, request);
	if (o->manner == OPENING_STATUS)
		refuse(c, o->status);
	if (o->manner == OPENING_HALF)
		put(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: webs");
	if (o->manner == OPENING_GARBAGE) {
		put(c, "SSH-2.0-dropbear\r\n");
		client_close(c);
	}
	if (o->manner == OPENING_SILENT || o->manner == OPENING_HALF ||
	    o->manner == OPENING_MUTE)
		c->phase = CLIENT_MUTE;
}

void
opening_receive(struct client *c, struct slice bytes)
{
	struct slice request, rest;
	const char *end;

	buffer_append(&c->in, bytes.p, bytes.len);
	request = (struct slice){buffer_head(&c->in), buffer_len(&c->in)};
	end = memmem(request.p, request.len, "\r\n\r\n", 4);
	if (end == NULL) {
		if (request.len > UPGRADE_REQUEST_MAX)
			refuse(c, 431);
		return;
	}
	rest.p = end + 4;
	rest.len = request.len - (size_t)(rest.p - request.p);
	request.len -= rest.len;
	answer(c, request);
	if (c->phase == CLIENT_OPEN && rest.len > 0 && !ws_receive(c, rest))
		client_close(c);
	buffer_free(&c->in);
}
