#include "emotes.h"

#include <endian.h>

#include "value.h"

enum {
	HEAD_STEP = 48,      /* bytes; most heads have fewer */
	NO_REACH = INT32_MAX /* more than EMOTES_DIGITS_MAX digits say */
};

static inline bool
same_name(struct slice a, struct slice b)
{
	unsigned same;

	if (a.len != b.len)
		return false;
	if (a.len > CHUNK)
		return memcmp(a.p, b.p, a.len) == 0;
	same = chunk_same(chunk_load(a.p), chunk_load(b.p));
	return (~same & ((1U << a.len) - 1)) == 0;
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
	uint32_t reach;     /* from first to last, of ASCII all in front */
	struct emote_name *noted; /* the name among the distinct ones */
	size_t len;
	char json[EMOTES_SPAN_JSON_MAX + JSON_SLACK]; /* up to the start */
};

/* A span of another name than the last one's. */
static void
change_name(struct emotes *e, struct head *h, struct slice name, uint32_t first)
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
		h->noted = note_name(e, name, first);
		p = json_raw(p, SLICE("\",\"name\":\""));
		p = value_put(p, name, true);
	}
	p = json_raw(p, SLICE("\",\"start\":"));
	h->len = (size_t)(p - h->json);
}

/* Make it the head of what first to last cover. False when there is no such. */
static bool
cover(struct emotes *e, struct head *h, uint32_t first, uint32_t last)
{
	struct slice name;

	if (last < first)
		return false;
	name.p = points_at(&e->points, first);
	name.len = (size_t)(points_at(&e->points, last + 1) - name.p);
	if (!same_name(h->name, name))
		change_name(e, h, name, first);
	h->reach = last < e->points.ascii && name.len <= CHUNK ? last - first :
								 NO_REACH;
	return true;
}

/* Whether it is that already, as it mostly is. */
static inline bool
is_covered(const struct emotes *e, const struct head *h, uint32_t first,
    uint32_t last)
{
	unsigned same;

	if (last - first != h->reach || last >= e->points.ascii)
		return false;
	same = chunk_same(chunk_load(e->points.text.p + first), h->front);
	return (~same & h->mask) == 0;
}

/*
 * Put a span: its head, and the numbers as they are in the tag, at s, where
 * there are a dash and then what ends the second.
 */
static inline char *
put_span(char *p, struct head *h, uint32_t first, const char *s, size_t dash,
    size_t stop)
{
	if (first < h->noted->at)
		h->noted->at = first;
	memcpy(p, h->json, HEAD_STEP);
	for (size_t i = HEAD_STEP; i < h->len; i += HEAD_STEP)
		memcpy(p + i, h->json + i, HEAD_STEP);
	p += h->len;
	memcpy(p, s, 8);
	p += dash;
	memcpy(p, ",\"end\":", 8);
	p += 7;
	memcpy(p, s + dash + 1, 8);
	p += stop - dash - 1;
	*p++ = '}';
	return p;
}

/* Not inlined: gcc would compute for each span what is known by a comma. */
static __attribute__((noinline)) bool
is_last(const char *p, const char *end)
{
	return *p == '/' || p == end;
}

/* Whether a range may end here. */
static inline bool
is_stop(const char *p, const char *end)
{
	return *p == ',' || is_last(p, end);
}

/* The same byte, eight times. */
#define EIGHT(c) ((c) * UINT64_C(0x0101010101010101))

/*
 * Read 12-34 or 123-456, of so many digits each, which with what ends it is a
 * word of eight bytes at most. False when it is something else.
 */
static inline bool
read_word(uint32_t *first, uint32_t *last, const char *p, unsigned digits)
{
	const uint64_t form = EIGHT('0') ^ (uint64_t)('0' ^ '-') << 8 * digits;
	/* What a digit, and the dash, may have and not reach the top bit. */
	const uint64_t room = EIGHT(0x7f - 9) + (UINT64_C(9) << 8 * digits);
	const uint64_t tops = EIGHT(0x80) >> (56 - 16 * digits);
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	v = le64toh(v) ^ form; /* numbers from 0 to 9, and 0 for the dash */
	if ((((v + room) | v) & tops) != 0)
		return false;
	/* To each digit is added ten times the one before it. */
	if (digits == 2) {
		v *= 10 << 8 | 1;
		*first = v >> 8 & 0xff;
		*last = v >> 32 & 0xff;
		return *first >= 10;
	}
	/* And to the last two of each number a hundred times its first. */
	v = (v << 8) * (10 << 8 | 1) >> 8 & 0x00ff00ff00ff00ff;
	v *= 100 << 16 | 1;
	*first = v >> 16 & 0xffff;
	*last = (uint32_t)(v >> 48);
	return *first >= 100;
}

/*
 * Put the ranges behind p, as long as they are two numbers of so many digits,
 * 2 or 3, as most are: where the next one begins does not depend on what is
 * read in this. Returns where the last of them ends.
 */
static inline const char *
put_run(struct emotes *e, struct head *h, const char *p, const char *end,
    unsigned digits)
{
	const size_t size = 2 * digits + 2;
	char *to = e->json + e->json_len;
	size_t count = e->count;
	uint32_t first, last;

	while (count < EMOTES_MAX && read_word(&first, &last, p + 1, digits) &&
	    is_stop(p + size, end) &&
	    (is_covered(e, h, first, last) || cover(e, h, first, last))) {
		to = put_span(to, h, first, p + 1, digits, size - 1);
		count++;
		p += size;
		if (*p != ',')
			break;
	}
	e->count = count;
	e->json_len = (size_t)(to - e->json);
	return p;
}

/* The number at *p, taken. False when it is none. */
static bool
take_number(uint32_t *n, const char **p)
{
	const char *begin = *p, *end = begin;

	for (*n = 0; *end >= '0' && *end <= '9'; end++) {
		if (end - begin == EMOTES_DIGITS_MAX)
			return false;
		*n = *n * 10 + (uint32_t)(*end - '0');
	}
	*p = end;
	return end != begin && (*begin != '0' || end == begin + 1);
}

/*
 * Put the range behind p, of any two numbers. Returns where it ends, or NULL
 * when it is not carried.
 */
static const char *
put_one(struct emotes *e, struct head *h, const char *p, const char *end)
{
	const char *s = p + 1, *dash = s;
	char *to = e->json + e->json_len;
	uint32_t first, last;

	if (!take_number(&first, &dash) || *dash != '-')
		return NULL;
	p = dash + 1;
	if (!take_number(&last, &p) || !is_stop(p, end) ||
	    e->count == EMOTES_MAX ||
	    (!is_covered(e, h, first, last) && !cover(e, h, first, last)))
		return NULL;
	to = put_span(to, h, first, s, (size_t)(dash - s), (size_t)(p - s));
	e->json_len = (size_t)(to - e->json);
	e->count++;
	return p;
}

/*
 * The start-end,start-end behind the colon at p, of the emote whose id h has,
 * up to a '/' or the end. Returns where that is; sets *whole to false when one
 * of them is not carried.
 */
static const char *
read_ranges(struct emotes *e, struct head *h, const char *p, const char *end,
    bool *whole)
{
	do {
		const char *from = p;

		if (p[4] == '-')
			p = put_run(e, h, p, end, 3);
		else if (p[3] == '-')
			p = put_run(e, h, p, end, 2);
		if (p == from && (p = put_one(e, h, from, end)) == NULL) {
			*whole = false;
			p = chunk_find_two(from + 1, end, ',', '/');
		}
	} while (*p == ',');
	return p;
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
 * One id:start-end,start-end at p, up to a '/' or the end. Returns where that
 * is; sets *whole to false when something in it is not carried.
 */
static const char *
read_emote(struct emotes *e, const char *p, const char *end, bool *whole)
{
	const char *colon = skip_id(p, end);
	struct head h;

	h.id = (struct slice){p, (size_t)(colon - p)};
	h.name = (struct slice){p, SIZE_MAX}; /* none is so long */
	h.reach = NO_REACH;
	if (colon == end || *colon != ':' || h.id.len == 0 ||
	    h.id.len > EMOTES_ID_MAX) {
		*whole = false;
		return chunk_find(colon, end, '/');
	}
	return read_ranges(e, &h, colon, end, whole);
}

bool
emotes_read(struct emotes *e, struct slice tag, struct slice text)
{
	const char *p = tag.p, *end = tag.p + tag.len;
	bool whole = true;

	e->count = e->names_count = e->json_len = 0;
	points_read(&e->points, text);
	while ((p = read_emote(e, p, end, &whole)) < end)
		p++;
	sort_names(e);
	return whole;
}
