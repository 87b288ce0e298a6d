#include "reject.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "scan.h"

enum {
	PIECE = 16 * 1024, /* escaped at once */
	REASON_MAX = 1024,
	BLOCK = 256 * 1024
};

int
reject_open(struct reject *r, const char *path)
{
	int fd;

	memset(r, 0, sizeof(*r));
	r->path = path;
	if (path == NULL)
		return 0;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (out_open(&r->out, fd, BLOCK) == -1) {
		close(fd);
		return -1;
	}
	return 0;
}

static void
put_escaped(struct reject *r, struct slice bytes)
{
	char *p = out_reserve(&r->out, JSON_STRING_MAX(bytes.len));

	out_commit(&r->out, json_escape(p, bytes));
}

static void
put_reason(struct reject *r, const char *reason)
{
	struct slice text = slice_of(reason);

	if (text.len > REASON_MAX)
		text.len = REASON_MAX;
	out_put(&r->out, SLICE("{\"reason\":\""));
	put_escaped(r, text);
	out_put(&r->out, SLICE("\",\"record\":"));
}

void
reject_record(struct reject *r, const char *reason, struct slice record)
{
	if (r->path == NULL)
		return;
	if (scan_is_object(record)) {
		put_reason(r, reason);
		out_put(&r->out, record);
		out_put(&r->out, SLICE("}\n"));
	} else {
		reject_begin(r, reason);
		reject_piece(r, record);
		reject_end(r);
	}
}

void
reject_begin(struct reject *r, const char *reason)
{
	if (r->path == NULL)
		return;
	put_reason(r, reason);
	out_put(&r->out, SLICE("\""));
	r->tail_len = 0;
}

void
reject_piece(struct reject *r, struct slice piece)
{
	char buf[sizeof(r->tail) + PIECE];

	if (r->path == NULL)
		return;
	while (piece.len > 0) {
		size_t n = piece.len < PIECE ? piece.len : PIECE;
		struct slice text = {buf, r->tail_len + n};

		memcpy(buf, r->tail, r->tail_len);
		memcpy(buf + r->tail_len, piece.p, n);
		r->tail_len = json_utf8_tail(text);
		text.len -= r->tail_len;
		memcpy(r->tail, buf + text.len, r->tail_len);
		put_escaped(r, text);
		piece.p += n;
		piece.len -= n;
	}
}

void
reject_end(struct reject *r)
{
	if (r->path == NULL)
		return;
	put_escaped(r, (struct slice){r->tail, r->tail_len});
	out_put(&r->out, SLICE("\"}\n"));
}

int
reject_flush(struct reject *r)
{
	return r->path == NULL ? 0 : out_flush(&r->out);
}

int
reject_sync(struct reject *r)
{
	if (reject_flush(r) == -1)
		return -1;
	/* What cannot be synced, such as a pipe, says EINVAL. */
	if (r->path != NULL && fdatasync(r->out.fd) == -1 && errno != EINVAL)
		r->out.error = errno;
	return reject_flush(r);
}

bool
reject_failed(const struct reject *r)
{
	return r->out.error != 0;
}

int
reject_close(struct reject *r)
{
	return r->path == NULL ? 0 : out_close(&r->out);
}
