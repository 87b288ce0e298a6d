#include "emotes.h"

#include "chunk.h"
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

/* Note where the text's code points are, for place_of. */
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

/* Where code point n begins, in a text that is not all ASCII; or its end. */
static const char *
place_of(const struct emotes *e, uint32_t n)
{
	size_t low = n / EMOTES_STEP, high = e->text.len / EMOTES_STEP + 1;
	const char *s = e->text.p, *end = s + e->text.len;

	if (n >= e->text.len)
		return end;
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

/* Which of the distinct names is the span's, or names_count. */
static size_t
find_name(const struct emotes *e, const struct emote_span *span)
{
	for (size_t i = 0; i < e->names_count; i++)
		if (same_name(&e->span[e->name[i]], span))
			return i;
	return e->names_count;
}

/* Enter the new span's name among the distinct ones, unless it is there. */
static inline void
note_name(struct emotes *e, const struct emote_span *span)
{
	size_t i = span->again ? e->noted : find_name(e, span);

	e->noted = i;
	if (i == e->names_count)
		e->names_count++;
	else if (span->at >= e->span[e->name[i]].at)
		return;
	e->name[i] = (uint16_t)e->count;
}

/* By where each is first, as the text has them. */
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

static inline uint32_t
number(const char *p, unsigned digits)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < digits; i++)
		n = n * 10 + (uint32_t)(p[i] - '0');
	return n;
}

/* True if so many digits at p can be a start or an end. */
static inline bool
is_number(const char *p, unsigned digits)
{
	return digits - 1 < EMOTES_DIGITS_MAX && (*p != '0' || digits == 1);
}

/* The name of a span, of that many code points from span->at on. */
static inline void
name_span(struct emotes *e, struct emote_span *span, uint32_t points)
{
	const char *end = e->text.p + e->text.len;
	size_t len = e->text.len > span->at ? e->text.len - span->at : 0;

	span->name = end - len;
	if (points < len)
		len = points;
	if (!e->ascii) {
		span->name = place_of(e, span->at);
		len = (size_t)(place_of(e, span->at + points) - span->name);
	}
	span->name_len = len <= EMOTES_NAME_MAX ? (uint8_t)len : 0;
	span->again = e->count > 0 && span[-1].id == span->id &&
	    same_name(span - 1, span);
	if (span->name_len > 0)
		note_name(e, span);
}

/*
 * One start-end at p of a tag that ends at end: all of it in one chunk, which
 * is as much as it can be. Returns where it ends, or p when it is malformed,
 * or one too many.
 */
static inline const char *
range(struct emotes *e, struct slice id, const char *p, const char *end)
{
	struct emote_span *span = &e->span[e->count];
	unsigned others = chunk_not_digits(chunk_load(p)) | 1U << CHUNK;
	unsigned dash = (unsigned)__builtin_ctz(others);
	unsigned stop =
	    (unsigned)__builtin_ctz((others & (others - 1)) | 1U << CHUNK);
	uint32_t to;

	if (e->count == EMOTES_MAX || p[dash] != '-' || !is_number(p, dash) ||
	    !is_number(p + dash + 1, stop - dash - 1) ||
	    (p + stop < end && p[stop] != ',' && p[stop] != '/'))
		return p;
	span->at = number(p, dash);
	to = number(p + dash + 1, stop - dash - 1);
	if (to < span->at)
		return p;
	span->id = id.p;
	span->id_len = (uint8_t)id.len;
	span->start = p;
	span->start_len = (uint8_t)dash;
	span->end_len = (uint8_t)(stop - dash - 1);
	name_span(e, span, to + 1 - span->at);
	e->count++;
	return p + stop;
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
