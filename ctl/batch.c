#include "batch.h"

#include <stdio.h>
#include <string.h>

#include "listener.h"
#include "status.h"

void
batch_open(struct batch *b, const char *verb)
{
	b->verb = b->len =
	    (size_t)snprintf(b->text, sizeof(b->text), "%s", verb);
}

int
batch_send(struct batch *b)
{
	size_t len = b->len;

	if (len == b->verb)
		return STATUS_OK;
	b->text[len++] = '\n';
	b->len = b->verb;
	return listener_send((struct slice){b->text, len});
}

int
batch_add(struct batch *b, const char *name)
{
	size_t len = strlen(name);

	/* A blank before it and a LF after it. */
	if (b->len + len + 2 > sizeof(b->text)) {
		int status = batch_send(b);

		if (status != STATUS_OK)
			return status;
	}
	b->text[b->len++] = ' ';
	memcpy(b->text + b->len, name, len);
	b->len += len;
	return STATUS_OK;
}
