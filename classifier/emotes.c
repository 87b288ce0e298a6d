#include "emotes.h"

#include "chunk.h"
#include "simd.h"
#include "utf8.h"

/* How many code points begin in these bytes. */
static uint32_t
code_points(const char *s, size_t n)
{
	uint32_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

static void
index_text(struct emotes *e, struct slice text)
{
	uint32_t count = 0;
	size_t i = 0, block = 0;

	e->text = text;
	e->ascii = utf8_ascii(text) == text.len;
	if (e->ascii)
		return;
	for (; text.len - i >= EMOTES_STEP; i += EMOTES_STEP) {
		e->before[block++] = count;
		count += code_points(text.p + i, EMOTES_STEP);
	}
	e->before[block] = count;
}

/* Where code point n begins, in a text that is not all ASCII. */
static const char *
search_place(const struct emotes *e, uint32_t n)
{
	size_t low = n / EMOTES_STEP, high = e->text.len / EMOTES_STEP + 1;
	const char *s = e->text.p, *end = s + e->text.len;

	/* The last block with no more than n code points before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (e->before[middle] <= n)
			low = middle;
		else
			high = middle;
	}
	n -= e->before[low];
	for (s += low * EMOTES_STEP; s < end; s++)
		if (((unsigned char)*s & 0xc0) != 0x80 && n-- == 0)
			break;
	return s;
}

/* Where code point n begins, or the text's end. */
static inline const char *
place_of(const struct emotes *e, uint32_t n)
{
	if (n >= e->text.len)
		return e->text.p + e->text.len;
	return e->ascii ? e->text.p + n : search_place(e, n);
}

static inline bool
same_name(const struct emote_span *a, const struct emote_span *b)
{
	unsigned len = a->name_len, same;

	if (len != b->name_len)
		return false;
	if (len > CHUNK)
		return memcmp(a->name, b->name, len) == 0;
	same = chunk_same(chunk_load(a->name), chunk_load(b->name));
	return ((same | ~0U << len) & 0xffff) == 0xffff;
}

/*
 * Enter a span's name among the distinct ones, unless it is there. An emote's
 * spans come together, so that it mostly is the last one.
 */
static inline void
note_name(struct emotes *e, uint16_t span)
{
	const struct emote_span *s = &e->span[span];

	for (size_t i = e->names_count; i-- > 0;) {
		if (!same_name(&e->span[e->name[i]], s))
			continue;
		if (s->at < e->span[e->name[i]].at)
			e->name[i] = span;
		return;
	}
	e->name[e->names_count++] = span;
}

static void
sort_names(struct emotes *e)
{
	for (size_t i = 1; i < e->names_count; i++) {
		uint16_t span = e->name[i];
		size_t j = i;

		for (; j > 0 && e->span[e->name[j - 1]].at > e->span[span].at;
		    j--)
			e->name[j] = e->name[j - 1];
		e->name[j] = span;
	}
}

/*
 * The number that len digits at p are, 1 to 8 of them: moved up in a word so
 * that zeros come before them, then added up in pairs three times.
 */
static inline uint64_t
digits_value(const char *p, unsigned len)
{
	uint64_t d;

	memcpy(&d, p, sizeof(d));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	d = __builtin_bswap64(d);
#endif
	d = (d << (64 - 8 * len)) & 0x0f0f0f0f0f0f0f0f;
	d = (d * (10 << 8 | 1) >> 8) & 0x00ff00ff00ff00ff;
	d = (d * (100 << 16 | 1) >> 16) & 0x0000ffff0000ffff;
	return d * (UINT64_C(10000) << 32 | 1) >> 32;
}

/*
 * A number at p, without leading zeros. Returns how many digits it has, or 0
 * when there is none, or too many of them.
 */
static inline unsigned
number(const char *p, uint32_t *n)
{
	unsigned after = chunk_not_digits(chunk_load(p)) | 1U << CHUNK;
	unsigned len = (unsigned)__builtin_ctz(after);

	if (len - 1 >= EMOTES_DIGITS_MAX || (*p == '0' && len > 1))
		return 0;
	*n = (uint32_t)digits_value(p, len);
	return len;
}

/*
 * One start-end at p of a tag that ends at end. Returns where it ends, or p
 * when it is malformed, or one too many.
 */
static inline const char *
range(struct emotes *e, struct slice id, const char *p, const char *end)
{
	struct emote_span *span = &e->span[e->count];
	const char *last, *stop;
	uint32_t from = 0, to = 0;
	size_t len;

	if (e->count == EMOTES_MAX)
		return p;
	span->start_len = (uint8_t)number(p, &from);
	last = p + span->start_len + 1;
	if (last[-1] != '-')
		return p;
	span->end_len = (uint8_t)number(last, &to);
	stop = last + span->end_len;
	if (span->start_len == 0 || span->end_len == 0 || to < from ||
	    (stop < end && *stop != ',' && *stop != '/'))
		return p;

	span->id = id.p;
	span->id_len = (uint8_t)id.len;
	span->start = p;
	span->at = from;
	span->name = place_of(e, from);
	len = (size_t)(place_of(e, to + 1) - span->name);
	span->name_len = len <= EMOTES_NAME_MAX ? (uint8_t)len : 0;
	if (span->name_len > 0)
		note_name(e, (uint16_t)e->count);
	e->count++;
	return stop;
}

/* An id may be anything that needs no escaping. Returns where it ends. */
static inline const char *
skip_id(const char *p, const char *end)
{
	for (; p < end; p += CHUNK) {
		struct chunk c = chunk_load(p);
		unsigned stop = chunk_same(c, chunk_of(':')) |
		    chunk_same(c, chunk_of('/')) | chunk_escapes(c);

		if (stop != 0) {
			p += __builtin_ctz(stop);
			break;
		}
	}
	return p < end ? p : end;
}

/*
 * One id:start-end,start-end at p. Returns where it ends, at a '/' or the
 * tag's end. Sets *whole to false when something in it is not carried.
 */
static const char *
emote(struct emotes *e, const char *p, const char *end, bool *whole)
{
	const char *stop = skip_id(p, end);
	struct slice id = {p, (size_t)(stop - p)};

	if (stop == end || *stop != ':' || id.len == 0 ||
	    id.len > EMOTES_ID_MAX) {
		*whole = false;
		while (stop < end && *stop != '/')
			stop++;
		return stop;
	}
	do {
		p = stop + 1;
		stop = range(e, id, p, end);
		if (stop != p)
			continue;
		*whole = false;
		while (stop < end && *stop != ',' && *stop != '/')
			stop++;
	} while (stop < end && *stop == ',');
	return stop;
}

bool
emotes_read(struct emotes *e, struct slice tag, struct slice text)
{
	const char *p = tag.p, *end = tag.p + tag.len;
	bool whole = true;

	e->count = e->names_count = 0;
	index_text(e, text);
	while ((p = emote(e, p, end, &whole)) < end)
		p++;
	sort_names(e);
	return whole;
}
