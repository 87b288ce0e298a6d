#include "emotes.h"

#include "chunk.h"
#include "range.h"

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

/* A number, one of 64, that few other names share. */
static inline unsigned
name_number(struct slice name)
{
	unsigned char first = (unsigned char)name.p[0];
	unsigned char last = (unsigned char)name.p[name.len - 1];

	return (first + last + 8 * (unsigned)name.len) % 64;
}

/* Note that a name is at a place, too. */
static inline void
note_place(struct emote_name *noted, uint32_t at)
{
	if (noted->at > at)
		noted->at = at;
}

/* Note a name at a place. Returns which of the distinct ones it is. */
static inline struct emote_name *
note_name(struct emotes *e, struct slice name, uint32_t at)
{
	static struct emote_name none;
	struct emote_name *n = e->name, *end = n + e->names_count;
	uint64_t bit;

	if (name.len == 0)
		return &none;
	bit = UINT64_C(1) << name_number(name);
	if ((e->names_seen & bit) == 0)
		n = end;
	e->names_seen |= bit;
	while (n < end && !same_name(n->text, name))
		n++;
	if (n < end) {
		note_place(n, at);
	} else {
		*n = (struct emote_name){name, at};
		e->names_count++;
	}
	return n;
}

/* Where one has its place among those before it. */
static void
sort_name(struct emotes *e, size_t i)
{
	struct emote_name name = e->name[i];

	for (; i > 0 && e->name[i - 1].at > name.at; i--)
		e->name[i] = e->name[i - 1];
	e->name[i] = name;
}

/* By where each is first, as the text has them; mostly they are. */
static void
sort_names(struct emotes *e)
{
	for (size_t i = 1; i < e->names_count; i++)
		if (e->name[i - 1].at > e->name[i].at)
			sort_name(e, i);
}

/* A name to be found in many places, if it is one of CHUNK bytes at most. */
struct pattern {
	struct chunk bytes;
	unsigned mask;  /* the bytes that count */
	uint32_t reach; /* from the first to the last; else more than any */
};

static inline struct pattern
pattern_of(struct slice name)
{
	struct pattern p = {chunk_load(name.p), 0, UINT32_MAX / 2};

	if (name.len - 1 < CHUNK) {
		p.mask = (2U << (name.len - 1)) - 1;
		p.reach = (uint32_t)name.len - 1;
	}
	return p;
}

static inline bool
is_pattern(struct pattern p, const char *s)
{
	return (~chunk_same(chunk_load(s), p.bytes) & p.mask) == 0;
}

/* Whether the name is what the range covers, of a text's ASCII front. */
static inline bool
is_at(struct pattern p, const char *text, size_t ascii, struct range r)
{
	return r.last - r.first == p.reach && r.last < ascii &&
	    is_pattern(p, text + r.first);
}

/* Where the part of a tag ends that s is in, and is not carried. */
static __attribute__((noinline)) const char *
skip_part(const char *s, const char *end)
{
	return chunk_find_two(s, end, ',', '/');
}

/* Not inlined: gcc would compute for each range what is known by a comma. */
static __attribute__((noinline)) bool
is_last(const char *stop, const char *end)
{
	return *stop == '/' || stop == end;
}

/* For skip_ranges: two at a time, of three digits each. */
static inline const char *
skip_pairs(struct pattern pattern, const char *text, size_t ascii, uint32_t at,
    const char *p, const char *limit)
{
	uint32_t a, b, span = (uint32_t)ascii - pattern.reach - at;

	if (ascii <= (size_t)pattern.reach + at)
		return p;
	while (p + 16 < limit && range_read_two(&a, &b, p + 1, pattern.reach) &&
	    a - at < span && b - at < span && is_pattern(pattern, text + a) &&
	    is_pattern(pattern, text + b))
		p += 16;
	return p;
}

/*
 * Skip the ranges from the comma at p on that the name covers, all behind the
 * place where it is first, and of two numbers of so many digits each, 2 or 3,
 * as most are: where the next one begins does not depend on what is read in
 * this. Returns where the last one ends.
 */
static inline const char *
skip_ranges(struct emotes *e, struct slice name, uint32_t at, const char *p,
    const char *end, unsigned digits)
{
	const struct pattern pattern = pattern_of(name);
	const size_t size = 2 * digits + 2, ascii = e->points.ascii;
	const uint32_t least = digits == 2 ? 10 : 100; /* no zeros in front */
	const char *text = e->points.text.p;
	const char *from = p, *limit = p + (EMOTES_MAX - e->count) * size;
	struct range r;

	at = at > least ? at : least;
	if (digits == 3 && p[size] == ',')
		p = skip_pairs(pattern, text, ascii, at, p, limit);
	while (p < limit && range_read_even(&r, p + 1, digits) &&
	    r.first >= at && is_at(pattern, text, ascii, r) &&
	    (p[size] == ',' || is_last(p + size, end))) {
		p += size;
		if (*p != ',')
			break;
	}
	e->count += (size_t)(p - from) / size;
	return p;
}

/* The same, for either length of the numbers. */
static __attribute__((noinline)) const char *
skip_ranges_2(struct emotes *e, struct slice name, uint32_t at, const char *p,
    const char *end)
{
	return skip_ranges(e, name, at, p, end, 2);
}

static __attribute__((noinline)) const char *
skip_ranges_3(struct emotes *e, struct slice name, uint32_t at, const char *p,
    const char *end)
{
	return skip_ranges(e, name, at, p, end, 3);
}

/*
 * The ranges from the comma at p on that the name of the last run covers, too,
 * as far as they have one of the usual lengths. Returns where they end.
 */
static inline const char *
read_more(struct emotes *e, struct slice name, uint32_t at, const char *p,
    const char *end)
{
	struct emote_run *run = e->run_end - 1;
	const char *from = p;
	unsigned digits;

	if (p[4] == '-') {
		digits = 3;
		p = skip_ranges_3(e, name, at, p, end);
	} else if (p[3] == '-') {
		digits = 2;
		p = skip_ranges_2(e, name, at, p, end);
	}
	if (p == from)
		return p;
	if (run->dash != digits || run->stop != 2 * digits + 1) {
		run = e->run_end++;
		run->again = true;
		run->ranges = from + 1;
		run->dash = (uint8_t)digits;
		run->stop = (uint8_t)(2 * digits + 1);
	}
	run->end = p;
	return p;
}

/*
 * The start-end,start-end behind the colon at p, of the emote of an id, up to
 * a '/' or the end. Returns where that is; sets *whole to false when one of
 * them is not carried.
 */
static inline const char *
read_ranges(struct emotes *e, struct slice id, const char *p, const char *end,
    bool *whole)
{
	struct slice last = {p, SIZE_MAX}; /* no name is so long */
	struct emote_name *noted = NULL;

	do {
		struct emote_run *run = e->run_end;
		const char *s = p + 1;
		struct slice name;
		struct range r;

		if (!range_read(&r, s) || r.first > r.last ||
		    e->count == EMOTES_MAX ||
		    (s[r.stop] != ',' && !is_last(s + r.stop, end))) {
			*whole = false;
			p = skip_part(s, end);
			continue;
		}
		p = s + r.stop;
		name = points_slice(&e->points, r.first, r.last);
		if (name.len > EMOTES_NAME_MAX)
			name.len = 0;
		*run = (struct emote_run){id, name, s, p, (uint8_t)r.dash,
		    (uint8_t)r.stop, same_name(name, last)};
		if (run->again)
			note_place(noted, r.first);
		else
			noted = note_name(e, name, r.first);
		last = name;
		e->run_end = run + 1;
		e->count++;
		if (*p == ',')
			p = read_more(e, name, noted->at, p, end);
	} while (*p == ',');
	return p;
}

/* Whether nothing in an id needs escaping. */
static __attribute__((noinline)) bool
is_clean(struct slice id)
{
	for (size_t i = 0; i < id.len; i += CHUNK) {
		unsigned escapes = chunk_escapes(chunk_load(id.p + i));

		if (escapes != 0)
			return i + (unsigned)__builtin_ctz(escapes) >= id.len;
	}
	return true;
}

/*
 * One id:start-end,start-end at p, up to a '/' or the end. An id may be
 * anything that needs no escaping. Returns where that is; sets *whole to false
 * when something in it is not carried.
 */
static inline const char *
read_emote(struct emotes *e, const char *p, const char *end, bool clean,
    bool *whole)
{
	const char *colon = chunk_find_two(p, end, ':', '/');
	struct slice id = {p, (size_t)(colon - p)};

	if (colon == end || *colon != ':' || id.len - 1 >= EMOTES_ID_MAX ||
	    (!clean && !is_clean(id))) {
		*whole = false;
		return chunk_find(colon, end, '/');
	}
	return read_ranges(e, id, colon, end, whole);
}

bool
emotes_read(struct emotes *e, struct slice tag, struct slice text, bool clean,
    bool ascii)
{
	const char *p = tag.p, *end = tag.p + tag.len;
	bool whole = true;

	e->count = e->names_count = 0;
	e->run_end = e->run;
	e->names_seen = 0;
	points_read(&e->points, text, ascii);
	while ((p = read_emote(e, p, end, clean, &whole)) < end)
		p++;
	sort_names(e);
	return whole;
}
