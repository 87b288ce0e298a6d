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

/* Where code point n begins, or the text's end. */
static const char *
place_of(const struct emotes *e, uint32_t n)
{
	size_t low = n / EMOTES_STEP, high = e->text.len / EMOTES_STEP + 1;
	const char *s = e->text.p, *end = s + e->text.len;

	if (n >= e->text.len)
		return end;
	if (e->ascii)
		return s + n;
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

/* Names of the same length, eight bytes at once. */
static bool
same_name(struct slice a, struct slice b)
{
	uint64_t left, right;
	size_t i = 0;

	if (a.len != b.len)
		return false;
	for (; a.len - i >= 8; i += 8) {
		memcpy(&left, a.p + i, 8);
		memcpy(&right, b.p + i, 8);
		if (left != right)
			return false;
	}
	for (; i < a.len; i++)
		if (a.p[i] != b.p[i])
			return false;
	return true;
}

/*
 * Enter a span's name among the distinct ones, unless it is there. The same
 * emote's spans come together, so it mostly is the last.
 */
static void
note_name(struct emotes *e, uint16_t span)
{
	const struct emote_span *s = &e->span[span];

	for (size_t i = e->names_count; i-- > 0;) {
		if (!same_name(e->span[e->name[i]].name, s->name))
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

static void
name_span(struct emotes *e, uint32_t end)
{
	struct emote_span *span = &e->span[e->count];
	const char *from = place_of(e, span->at), *to = place_of(e, end + 1);

	span->name = (struct slice){from, (size_t)(to - from)};
	if (span->name.len > EMOTES_NAME_MAX)
		span->name.len = 0;
	if (span->name.len > 0)
		note_name(e, (uint16_t)e->count);
}

/*
 * A number without leading zeros at p. Returns where it ends, which is p when
 * there is none. The byte after a tag is no digit.
 */
static const char *
number(const char *p, uint32_t *n)
{
	const char *from = p;
	unsigned digit;

	for (*n = 0; (digit = (unsigned)*p - '0') <= 9; p++)
		*n = *n * 10 + digit;
	if (p - from > EMOTES_DIGITS_MAX || (*from == '0' && p - from > 1))
		return from;
	return p;
}

/*
 * One start-end at p of a tag that ends at end. Returns where it ends, or p
 * when it is malformed, or one too many.
 */
static const char *
range(struct emotes *e, struct slice id, const char *p, const char *end)
{
	struct emote_span *span = &e->span[e->count];
	const char *dash, *stop;
	uint32_t last;

	dash = number(p, &span->at);
	if (dash == p || *dash != '-' || e->count == EMOTES_MAX)
		return p;
	stop = number(dash + 1, &last);
	if (stop == dash + 1 || last < span->at ||
	    (stop < end && *stop != ',' && *stop != '/'))
		return p;
	span->id = id;
	span->start = (struct slice){p, (size_t)(dash - p)};
	span->end = (struct slice){dash + 1, (size_t)(stop - dash - 1)};
	name_span(e, last);
	e->count++;
	return stop;
}

/* An id may be anything that needs no escaping. Returns where it ends. */
static const char *
skip_id(const char *p, const char *end)
{
	while (p < end && *p != ':' && *p != '/' && (unsigned char)*p >= 0x20 &&
	    *p != '"' && *p != '\\')
		p++;
	return p;
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
