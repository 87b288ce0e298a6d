#include "lines.h"

void
lines_feed(struct lines *l, struct slice chunk, bool last)
{
	l->in = chunk;
	l->last = last;
}

/* Take the piece up to the next line end; true if it was one. */
static bool
take_piece(struct lines *l, struct slice *piece)
{
	const char *lf = memchr(l->in.p, '\n', l->in.len);

	*piece = l->in;
	if (lf == NULL) {
		bool end = l->last;

		l->in.len = 0;
		l->last = false;
		return end;
	}
	piece->len = (size_t)(lf - l->in.p);
	l->in.p += piece->len + 1;
	l->in.len -= piece->len + 1;
	return true;
}

/* Keep the beginning of a line, unless it is too long. */
static void
hold(struct lines *l, struct slice piece)
{
	if (l->begun.len + piece.len > LINES_MAX)
		l->skipping = true;
	if (l->skipping)
		bytes_close(&l->begun);
	else
		bytes_add(&l->begun, piece);
}

/* The line that ends with this piece; false if it is too long. */
static bool
finish(struct lines *l, struct slice piece, struct slice *line)
{
	if (l->begun.len + piece.len > LINES_MAX)
		l->skipping = true;
	if (l->skipping) {
		bytes_close(&l->begun);
		l->skipping = false;
		l->too_long++;
		return false;
	}
	*line = piece;
	if (l->begun.len > 0) {
		bytes_add(&l->begun, piece);
		*line = bytes_all(&l->begun);
		l->given = line->len;
	}
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return line->len > 0;
}

bool
lines_next(struct lines *l, struct slice *line)
{
	if (l->given > 0) {
		bytes_take(&l->begun, l->given);
		l->given = 0;
	}
	while (l->in.len > 0 || l->last) {
		struct slice piece;

		if (!take_piece(l, &piece))
			hold(l, piece);
		else if (finish(l, piece, line))
			return true;
		else if (l->given > 0) {
			bytes_take(&l->begun, l->given);
			l->given = 0;
		}
	}
	return false;
}

void
lines_close(struct lines *l)
{
	bytes_close(&l->begun);
}
