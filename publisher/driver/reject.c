#include "reject.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "scan.h"

enum {
	PIECE = 16 * 1024, /* escaped at once */
	REASON_MAX = 1024,
	BLOCK = 256 * 1024
};

/* What a crash or a full disk cut short must not be the begin of a line. */
static void
end_last_line(struct reject *r)
{
	struct stat st;
	char last = '\n';
	int fd;

	if (fstat(r->out.fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size == 0)
		return;
	fd = open(r->path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return;
	(void)!pread(fd, &last, 1, st.st_size - 1);
	close(fd);
	if (last != '\n')
		out_put(&r->out, SLICE("\n"));
}

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
	end_last_line(r);
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

static void
put_record(struct reject *r, const char *reason, struct slice record)
{
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
reject_record(struct reject *r, const char *reason, struct slice record)
{
	struct reject_text text = r->text;

	if (r->path == NULL)
		return;
	r->text.begun = false;
	if (text.begun)
		out_put(&r->out, SLICE("\"}\n"));
	put_record(r, reason, record);
	if (text.begun)
		reject_begin(r, "more of a line that is too long");
	r->text = text;
}

void
reject_begin(struct reject *r, const char *reason)
{
	if (r->path == NULL)
		return;
	reject_end(r);
	put_reason(r, reason);
	out_put(&r->out, SLICE("\""));
	r->text = (struct reject_text){.begun = true};
}

void
reject_piece(struct reject *r, struct slice piece)
{
	struct reject_text *t = &r->text;
	char buf[sizeof(t->tail) + PIECE];

	if (r->path == NULL)
		return;
	while (piece.len > 0) {
		size_t n = piece.len < PIECE ? piece.len : PIECE;
		struct slice text = {buf, t->tail_len + n};

		memcpy(buf, t->tail, t->tail_len);
		memcpy(buf + t->tail_len, piece.p, n);
		t->tail_len = json_utf8_tail(text);
		text.len -= t->tail_len;
		memcpy(t->tail, buf + text.len, t->tail_len);
		put_escaped(r, text);
		piece.p += n;
		piece.len -= n;
	}
}

void
reject_end(struct reject *r)
{
	if (!r->text.begun)
		return;
	put_escaped(r, (struct slice){r->text.tail, r->text.tail_len});
	out_put(&r->out, SLICE("\"}\n"));
	r->text.begun = false;
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
	reject_end(r);
	return r->path == NULL ? 0 : out_close(&r->out);
}
