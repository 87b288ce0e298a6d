#include "tags.h"

#include "chunk.h"
#include "simd.h"

/* A key of the table of fields, as it stands in a line. */
enum { KEY_MAX = 3 * CHUNK };

struct key {
	char text[KEY_MAX];             /* with its '=', and NULs after it */
	uint32_t mask[KEY_MAX / CHUNK]; /* which bytes it has, by chunks */
	uint32_t len;                   /* without the '=' */
	uint32_t field, word;           /* the field, and its word of bits */
	uint64_t bit;                   /* in that */
	char none;                      /* the value that means none */
	struct key *after, *other; /* that came after it, and the time before */
};

/* By field. FIELD_TYPE, which no tag fills, stands before a line's first. */
static struct key keys[FIELD_COUNT];

/* Fields by their keys' hash, open-addressed: 0 where there is none. */
enum { TABLE_BITS = 9, TABLE_SIZE = 1 << TABLE_BITS };

static uint8_t table[TABLE_SIZE];

/* A key, without its '=', where it is in a table of TABLE_SIZE. */
static unsigned
hash(const char *s, size_t len)
{
	uint64_t first = 0, last = 0;

	memcpy(&first, s, len < 8 ? len : 8);
	if (len > 8)
		memcpy(&last, s + len - 8, 8);
	first ^= last << 1;
	return (unsigned)((first + len) * 0x9e3779b97f4a7c15 >>
	    (64 - TABLE_BITS));
}

static void
enter(uint32_t field, struct slice tag)
{
	struct key *k = &keys[field];
	unsigned i = hash(tag.p, tag.len);

	memcpy(k->text, tag.p, tag.len);
	k->text[tag.len] = '=';
	k->len = (uint32_t)tag.len;
	for (uint32_t n = 0; n <= k->len; n++)
		k->mask[n / CHUNK] |= 1U << n % CHUNK;
	k->field = field;
	k->word = field / 64;
	k->bit = UINT64_C(1) << field % 64;
	k->none =
	    field_info[field].kind == KIND_FLAG && k->word == 0 ? '0' : '\\';
	while (table[i] != 0)
		i = (i + 1) % TABLE_SIZE;
	table[i] = (uint8_t)field;
}

void
tags_open(void)
{
	for (uint32_t f = 0; f < FIELD_COUNT; f++) {
		if (field_info[f].tag.len > 0)
			enter(f, field_info[f].tag);
		else
			keys[f].mask[0] = 1U << CHUNK; /* never the same */
		keys[f].after = keys[f].other = &keys[FIELD_TYPE];
	}
}

/* True if the ith chunk of the key, with its '=', is at s. */
static inline bool
has_chunk(const struct key *k, const char *s, unsigned i)
{
	unsigned same = chunk_same(chunk_load(k->text + i * CHUNK),
	    chunk_load(s + i * CHUNK));

	return (same & k->mask[i]) == k->mask[i];
}

/* True if the key is at s. Most have no more than one chunk. */
static inline bool
is_at(const struct key *k, const char *s)
{
	return has_chunk(k, s, 0) &&
	    (k->len < CHUNK ||
		(has_chunk(k, s, 1) &&
		    (k->len < 2 * CHUNK || has_chunk(k, s, 2))));
}

/* The key at s of len bytes, or NULL when it is none of the table's. */
static struct key *
find(const char *s, size_t len)
{
	for (unsigned i = hash(s, len);; i = (i + 1) % TABLE_SIZE) {
		struct key *k = &keys[table[i]];

		if (table[i] == 0)
			return NULL;
		if (k->len == len && memcmp(k->text, s, len) == 0)
			return k;
	}
}

/* Where the value begins of a tag, which may have none. */
static __attribute__((noinline)) const char *
value_of(const char *s, const char *end)
{
	const char *equals = chunk_find(s, end, '=');

	return equals + (equals < end);
}

/*
 * The key at s of a tag that ends at end, when it is not the one expected
 * after `before`. NULL when it is none of the table's. Not inlined, like
 * value_of: it is seldom called, and would take registers from the loop that
 * calls it.
 */
static __attribute__((noinline)) struct key *
look_up(struct key *before, const char *s, const char *end)
{
	struct key *k = before->other;

	if (!is_at(k, s))
		k = find(s, (size_t)(chunk_find(s, end, '=') - s));
	if (k != NULL) {
		before->other = before->after;
		before->after = k;
	}
	return k;
}

/*
 * The length of a value: it is 0 when the value is that one byte which means
 * none, be it a backslash, which is dropped where it stands alone.
 */
static inline size_t
length(const char *value, const char *end, char none)
{
	size_t len = (size_t)(end - value);

	return len == 1 && (*value == none || *value == '\\') ? 0 : len;
}

/* Give the key's field a value; an empty one is as if there were none. */
static inline void
set(struct event *e, const struct key *k, const char *value, size_t len)
{
	uint64_t *present = &e->present[k->word];

	e->value[k->field] = (struct slice){value, len};
	*present = (*present & ~k->bit) | (len > 0 ? k->bit : 0);
}

/* A tag that the table does not have. */
static bool
add_other(struct event *e, const char *s, const char *value, const char *end)
{
	size_t len = (size_t)(value - s) - (value[-1] == '=' && value > s);

	if (s == end) /* nothing between two semicolons */
		return true;
	return event_add_other(e, (struct slice){s, len},
	    (struct slice){value, length(value, end, '\\')});
}

/*
 * The tags of a line mostly come in the order of an earlier line's: each is
 * expected to be the one that came after the one before it the last time.
 */
const char *
tags_read(struct event *e, struct slice *line)
{
	static uint64_t marks[EVENT_LINE_MAX / SIMD_BLOCK + 1];
	const char *s = line->p + 1, *base = s, *end;
	const uint64_t *mark = marks;
	struct key *before = &keys[FIELD_TYPE];
	uint64_t mask;

	if (!simd->marks(marks, s, line->len - 1, ';', ' '))
		return "not a message of IRC";
	mask = *mark;
	do {
		struct key *k = before->after;
		const char *value = s + k->len + 1;

		for (; mask == 0; mask = *++mark)
			base += SIMD_BLOCK;
		end = base + (unsigned)__builtin_ctzll(mask);
		mask &= mask - 1;
		if (!is_at(k, s)) {
			k = look_up(before, s, end);
			value = value_of(s, end);
		}
		if (k == NULL) {
			if (!add_other(e, s, value, end))
				return "too many unknown tags";
		} else {
			set(e, k, value, length(value, end, k->none));
			before = k;
		}
		s = end + 1;
	} while (*end != ' ');

	line->len -= (size_t)(end - line->p);
	line->p = end;
	while (line->len > 0 && *line->p == ' ') {
		line->p++;
		line->len--;
	}
	return NULL;
}
