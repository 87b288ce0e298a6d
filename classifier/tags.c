#include "tags.h"

#include "simd.h"

/*
 * The tags' keys in an open-addressed table. A key is hashed, and most of it
 * compared, by its first and last eight bytes: two loads, however long.
 */
enum { TABLE_BITS = 9, TABLE_SIZE = 1 << TABLE_BITS };

struct key {
	uint64_t first, last;
	struct slice text; /* empty: nothing is in this place */
	int field;
};

static struct key table[TABLE_SIZE];

static uint64_t
load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Reads 8 bytes, at least; text must not be empty. */
static struct key
key_of(struct slice text)
{
	struct key key = {.first = load(text.p), .text = text};

	if (text.len >= 8) {
		key.last = load(text.p + text.len - 8);
		return key;
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	key.first <<= 64 - 8 * text.len;
#else
	key.first >>= 64 - 8 * text.len;
#endif
	key.last = key.first;
	return key;
}

static unsigned
place_of(const struct key *key)
{
	uint64_t mixed =
	    key->first * 0x9e3779b97f4a7c15 ^ key->last * 0xc2b2ae3d27d4eb4f;

	return (unsigned)((mixed + key->text.len) >> (64 - TABLE_BITS));
}

/* What lies between the first and last eight bytes, when there is any. */
static bool
same_middle(struct slice a, struct slice b)
{
	for (size_t i = 8; i + 8 < a.len; i += 8) {
		size_t at = i + 16 < a.len ? i : a.len - 16;

		if (load(a.p + at) != load(b.p + at))
			return false;
	}
	return true;
}

static int
field_of_tag(struct slice tag)
{
	struct key key;

	if (tag.len == 0)
		return -1;
	key = key_of(tag);
	for (unsigned i = place_of(&key);; i = (i + 1) % TABLE_SIZE) {
		const struct key *k = &table[i];

		if (k->text.len == 0)
			return -1;
		if (k->first == key.first && k->last == key.last &&
		    k->text.len == tag.len && same_middle(k->text, tag))
			return k->field;
	}
}

static void
enter(int f)
{
	char padded[64] = "";
	struct slice tag = field_info[f].tag;
	struct key key;
	unsigned i;

	memcpy(padded, tag.p, tag.len);
	key = key_of((struct slice){padded, tag.len});
	key.text = tag;
	key.field = f;
	i = place_of(&key);
	while (table[i].text.len > 0)
		i = (i + 1) % TABLE_SIZE;
	table[i] = key;
}

void
tags_open(void)
{
	for (int f = 0; f < FIELD_COUNT; f++)
		if (field_info[f].tag.len > 0)
			enter(f);
}

static bool
add_tag(struct event *e, struct slice key, struct slice value)
{
	int f = field_of_tag(key);
	uint64_t bit;

	/* A lone backslash is dropped, and then the value is empty. */
	if (value.len == 1 && *value.p == '\\')
		value.len = 0;
	if (f == -1)
		return event_add_other(e, key, value);
	bit = UINT64_C(1) << f % 64;
	e->value[f] = value;
	if (value.len > 0)
		e->present[f / 64] |= bit;
	else
		e->present[f / 64] &= ~bit;
	return true;
}

const char *
tags_read(struct event *e, struct slice *line)
{
	static uint32_t places[EVENT_LINE_MAX];
	const char *s = line->p + 1;
	const uint32_t *at = places;
	uint32_t begin = 0, equals, end;
	size_t n = simd->find(places, s, line->len - 1, ';', '=', ' ');

	if (n == 0 || s[places[n - 1]] != ' ')
		return "not a message of IRC";
	/* The space is the last place, which ends every loop. */
	do {
		equals = end = *at++;
		while (s[end] == '=')
			end = *at++;
		if (end > begin &&
		    !add_tag(e, (struct slice){s + begin, equals - begin},
			(struct slice){
			    s + equals + 1, end - equals - (end > equals)}))
			return "too many unknown tags";
		begin = end + 1;
	} while (s[end] != ' ');
	while (end < line->len - 1 && s[end] == ' ')
		end++;
	line->len -= end + 1;
	line->p = s + end;
	return NULL;
}
