#include "frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

int
frame_maker_open(struct frame_maker *m)
{
	memset(m, 0, sizeof(*m));
	m->context = ZSTD_createCCtx();
	if (m->context == NULL)
		return -1;
	/* Damage to a file shall be seen by who reads it. */
	ZSTD_CCtx_setParameter(m->context, ZSTD_c_checksumFlag, 1);
	return 0;
}

void
frame_maker_close(struct frame_maker *m)
{
	ZSTD_freeCCtx(m->context);
	free(m->buf);
}

int
frame_make(struct frame_maker *m, struct slice bytes, struct slice *frame)
{
	size_t need = ZSTD_compressBound(bytes.len), n;

	if (need > m->size) {
		free(m->buf);
		m->buf = malloc(need);
		m->size = m->buf == NULL ? 0 : need;
		if (m->buf == NULL)
			return -1;
	}
	n = ZSTD_compress2(m->context, m->buf, m->size, bytes.p, bytes.len);
	if (ZSTD_isError(n))
		return -1;
	*frame = (struct slice){m->buf, n};
	return 0;
}

/* May these few bytes begin a frame? */
static bool
begins(struct slice bytes)
{
	static const unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd};
	size_t n = bytes.len < sizeof(magic) ? bytes.len : sizeof(magic);

	return memcmp(bytes.p, magic, n) == 0;
}

ssize_t
frame_whole(struct slice bytes)
{
	size_t whole = 0, n;

	while (whole < bytes.len) {
		struct slice rest = {bytes.p + whole, bytes.len - whole};

		n = ZSTD_findFrameCompressedSize(rest.p, rest.len);
		if (ZSTD_isError(n))
			return begins(rest) &&
				ZSTD_getErrorCode(n) ==
				    ZSTD_error_srcSize_wrong ?
			    (ssize_t)whole :
			    -1;
		whole += n;
	}
	return (ssize_t)whole;
}
