#include "replay.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "atomic.h"
#include "log.h"
#include "status.h"

void
replay_open(struct replay *r, const char *path, bool loop)
{
	r->bytes = atomic_read(path, SIZE_MAX, &r->len);
	r->loop = loop;
	if (r->bytes == NULL)
		die(STATUS_USAGE, "cannot read '%s': %s", path,
		    strerror(errno));
	if (r->len == 0)
		die(STATUS_USAGE, "'%s' is empty", path);
}

void
replay_close(struct replay *r)
{
	free(r->bytes);
}

bool
replay_next(struct replay *r, struct slice *line)
{
	const char *lf;

	if (r->at == r->len && r->loop)
		r->at = 0;
	if (r->at == r->len)
		return false;
	line->p = r->bytes + r->at;
	line->len = r->len - r->at;
	lf = memchr(line->p, '\n', line->len);
	if (lf != NULL)
		line->len = (size_t)(lf - line->p);
	r->at += line->len + (lf != NULL);
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}
