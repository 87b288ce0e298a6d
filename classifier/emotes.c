#include "emotes.h"

#include <endian.h>

#include "simd.h"
#include "utf8.h"
#include "value.h"

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
	e->ascii = utf8_ascii(text);
	if (e->ascii == text.len)
		return;
	for (; text.len - i >= EMOTES_STEP; i += EMOTES_STEP) {
		e->before[block++] = count;
		count += code_points(text.p + i, EMOTES_STEP);
	}
	e->before[block] = count;
}

/* Where code point n begins, behind one that is not ASCII; or the end. */
static const char *
search_place(const struct emotes *e, uint32_t n)
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

/* Where code point n of the text begins, or the text's end. */
static inline const char *
place_of(const struct emotes *e, uint32_t n)
{
	return n <= e->ascii ? e->text.p + n : search_place(e, n);
}

static inline bool
same_name(struct slice a, struct slice b)
{
	unsigned same;

	if (a.len != b.len)
		return false;
	if (a.len > CHUNK)
		return memcmp(a.p, b.p, a.len) == 0;
	same = chunk_same(chunk_load(a.p), chunk_load(b.p));
	return ((same | ~0U << a.len) & 0xffff) == 0xffff;
}

/* Which of the distinct names it is; a new one is entered. */
static struct emote_name *
note_name(struct emotes *e, struct slice name, uint32_t at)
{
	struct emote_name *n = e->name, *end = n + e->names_count;

	while (n < end && !same_name(n->text, name))
		n++;
	if (n == end) {
		*n = (struct emote_name){name, at};
		e->names_count++;
	}
	return n;
}

/* By where each is first, as the text has them. */
static void
sort_names(struct emotes *e)
{
	for (size_t i = 1; i < e->names_count; i++) {
		struct emote_name name = e->name[i];
		size_t j = i;

		for (; j > 0 && e->name[j - 1].at > name.at; j--)
			e->name[j] = e->name[j - 1];
		e->name[j] = name;
	}
}

/* What the spans of an emote have in common, as long as their name does. */
struct head {
	struct slice id;
	struct slice name;  /* what they cover, be it too long for a name */
	struct chunk front; /* of the name */
	unsigned mask;      /* the bytes that it has in it */
	struct emote_name *noted; /* the name among the distinct ones */
	size_t len;
	char json[EMOTES_SPAN_JSON_MAX + JSON_SLACK]; /* up to the start */
};

static inline bool
has_name(const struct head *h, struct slice name)
{
	unsigned same;

	if (name.len != h->name.len)
		return false;
	if (name.len > CHUNK)
		return memcmp(name.p, h->name.p, name.len) == 0;
	same = chunk_same(chunk_load(name.p), h->front);
	return (same & h->mask) == h->mask;
}

/* A span of another name than the last one's. */
static void
change_name(struct emotes *e, struct head *h, struct slice name, uint32_t at)
{
	static struct emote_name none;
	char *p = h->json;

	h->name = name;
	h->front = chunk_load(name.p);
	h->mask = name.len < CHUNK ? (1U << name.len) - 1 : 0xffff;
	h->noted = &none;
	p = json_raw(p, SLICE(",{\"id\":\""));
	p = value_put_clean(p, h->id);
	if (name.len > 0 && name.len <= EMOTES_NAME_MAX) {
		h->noted = note_name(e, name, at);
		p = json_raw(p, SLICE("\",\"name\":\""));
		p = value_put(p, name, true);
	}
	p = json_raw(p, SLICE("\",\"start\":"));
	h->len = (size_t)(p - h->json);
}

/* A start-end in a tag: the digits, and the numbers that they are. */
struct range {
	const char *start, *dash, *stop;
	uint32_t first, last;
};

/* Put a span: its head, and the numbers as they are in the tag. */
static inline char *
put_span(char *p, const struct head *h, const struct range *r)
{
	memcpy(p, h->json, JSON_SLACK);
	for (size_t i = JSON_SLACK; i < h->len; i += JSON_SLACK)
		memcpy(p + i, h->json + i, JSON_SLACK);
	p += h->len;
	memcpy(p, r->start, 8);
	p = json_raw(p + (r->dash - r->start), SLICE(",\"end\":"));
	memcpy(p, r->dash + 1, 8);
	p += r->stop - r->dash - 1;
	*p++ = '}';
	return p;
}

/* A number of any length, as no text of Twitch's needs it. */
static bool
read_long(uint32_t *n, const char *p, const char *end)
{
	*n = 0;
	if (p == end || end - p > EMOTES_DIGITS_MAX)
		return false;
	for (const char *digit = p; digit < end; digit++)
		*n = *n * 10 + (uint32_t)(*digit - '0');
	return *p != '0' || end - p == 1;
}

/* Up to three digits before end, the first the lowest byte, as numbers. */
static inline uint32_t
load_digits(const char *end, size_t digits)
{
	static const uint32_t masks[] = {0, 0x0f000000, 0x0f0f0000, 0x0f0f0f00};
	uint32_t v;

	memcpy(&v, end - sizeof(v), sizeof(v));
	return le32toh(v) & masks[digits];
}

/*
 * Make numbers of the start and the end, both in one word. False when one of
 * them is none.
 */
static inline bool
read_numbers(struct range *r)
{
	static const uint32_t least[] = {UINT32_MAX, 0, 10, 100};
	size_t first = (size_t)(r->dash - r->start);
	size_t last = (size_t)(r->stop - r->dash - 1);
	uint64_t v;

	if ((first | last) > 3)
		return read_long(&r->first, r->start, r->dash) &&
		    read_long(&r->last, r->dash + 1, r->stop);
	v = load_digits(r->dash, first) |
	    (uint64_t)load_digits(r->stop, last) << 32;
	v = v * (10 << 8 | 1) >> 8;
	v = (v & 0x00ff00ff00ff00ff) * (100 << 16 | 1) >> 16;
	r->first = v & 0xffff;
	r->last = v >> 32 & 0xffff;
	return r->first >= least[first] && r->last >= least[last];
}

/*
 * A tag, and where in it is what is no digit; the last of these places are its
 * end.
 */
struct tag {
	const char *p, *end;
	const uint32_t *at;
};

/* What a range covers of the text. */
static inline struct slice
cut(const struct emotes *e, const struct range *r)
{
	const char *p;

	if (r->last < e->ascii)
		return (struct slice){
		    e->text.p + r->first, r->last + 1 - r->first};
	p = place_of(e, r->first);
	return (struct slice){p, (size_t)(place_of(e, r->last + 1) - p)};
}

/* From these places on, the next c, or other, or the end. */
static const uint32_t *
skip_to(const struct tag *tag, const uint32_t *at, char c, char other)
{
	while (tag->p + *at < tag->end && tag->p[*at] != c &&
	    tag->p[*at] != other)
		at++;
	return at;
}

/*
 * The start-end,start-end behind the first of the tag's places, of the emote
 * whose id h has, up to a '/' or the end. False when one of them is not
 * carried.
 */
static bool
read_ranges(struct emotes *e, struct head *h, struct tag *tag)
{
	const char *begin = tag->p, *end = tag->end;
	const uint32_t *at = tag->at;
	char *to = e->json + e->json_len;
	size_t count = e->count;
	bool whole = true;
	struct range r;

	do {
		struct slice name;

		r.start = begin + *at++ + 1;
		r.dash = begin + at[0];
		r.stop = begin + at[1];
		if (count == EMOTES_MAX || *r.dash != '-' ||
		    !read_numbers(&r) || r.last < r.first ||
		    (*r.stop != ',' && *r.stop != '/' && r.stop != end)) {
			whole = false;
			at = skip_to(tag, at, ',', '/');
			r.stop = begin + *at;
			continue;
		}
		name = cut(e, &r);
		if (!has_name(h, name))
			change_name(e, h, name, r.first);
		if (r.first < h->noted->at)
			h->noted->at = r.first;
		to = put_span(to, h, &r);
		count++;
		at++;
	} while (*r.stop == ',');
	tag->at = at;
	e->count = count;
	e->json_len = (size_t)(to - e->json);
	return whole;
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
 * One id:start-end,start-end at p, up to a '/' or the end. False when
 * something in it is not carried.
 */
static bool
read_emote(struct emotes *e, struct tag *tag, const char *p)
{
	const char *colon = tag->p + *tag->at;
	struct head h;

	if (*colon != ':') { /* the id is not a number */
		colon = skip_id(p, tag->end);
		while (tag->p + *tag->at < colon)
			tag->at++;
	}
	h.id = (struct slice){p, (size_t)(colon - p)};
	h.name = (struct slice){p, SIZE_MAX};
	if (*colon != ':' || colon == tag->end || h.id.len == 0 ||
	    h.id.len > EMOTES_ID_MAX) {
		tag->at = skip_to(tag, tag->at, '/', '/');
		return false;
	}
	return read_ranges(e, &h, tag);
}

bool
emotes_read(struct emotes *e, struct slice tag, struct slice text)
{
	static uint32_t places[EMOTES_TEXT_MAX + SIMD_PLACES];
	struct tag in = {tag.p, tag.p + tag.len, places};
	size_t n = simd->not_digits(places, tag.p, tag.len);
	bool whole;

	places[n] = places[n + 1] = (uint32_t)tag.len;
	e->count = e->names_count = e->json_len = 0;
	index_text(e, text);
	whole = read_emote(e, &in, tag.p);
	while (in.p + *in.at < in.end)
		whole &= read_emote(e, &in, in.p + *in.at++ + 1);
	sort_names(e);
	return whole;
}
