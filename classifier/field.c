#include "field.h"

#define HEAD(json) ",\"" json "\":"
#define INFO(NAME, KIND, JSON, TAG)             \
	[FIELD_##NAME] = {                      \
	    .head = HEAD(JSON),                 \
	    .head_len = sizeof(HEAD(JSON)) - 1, \
	    .name = JSON,                       \
	    .tag = {TAG, sizeof(TAG) - 1},      \
	    .kind = KIND_##KIND,                \
	},
#define PARAM_INFO(NAME, KIND, JSON, TAG) \
	INFO(NAME, KIND, JSON, "msg-param-" TAG)

/* clang-format off */
const struct field_info field_info[FIELD_COUNT] = {
	TOP_FIELDS(INFO)
	REPLY_FIELDS(INFO)
	PAID_FIELDS(INFO)
	SOURCE_FIELDS(INFO)
	PARAM_FIELDS(PARAM_INFO)
};

#define OBJECT(JSON, GROUP, END)                \
	[OBJECT_##GROUP] = {                    \
	    .head = {HEAD(JSON), sizeof(HEAD(JSON)) - 1}, \
	    .name = {JSON, sizeof(JSON) - 1},   \
	    .first = FIELD_##GROUP##_BEFORE + 1, \
	    .end = END,                         \
	}

const struct object_info object_info[OBJECT_COUNT] = {
	OBJECT("reply", REPLY, FIELD_REPLY_END),
	OBJECT("paid", PAID, FIELD_PAID_END),
	OBJECT("source", SOURCE, FIELD_SOURCE_END),
	OBJECT("params", PARAMS, FIELD_COUNT),
};
/* clang-format on */

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

uint64_t field_forms[FIELD_WORDS];

static uint64_t
load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Reads up to 8 bytes past a key of less; text must not be empty. */
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

int
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
field_open(void)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (field_info[f].tag.len > 0)
			enter(f);
		if (field_info[f].kind >= KIND_FORMS)
			field_forms[f / 64] |= UINT64_C(1) << f % 64;
	}
}

static int
find_name(struct slice name, int first, int end)
{
	for (int f = first; f < end; f++) {
		const char *known = field_info[f].name;

		if (known != NULL && *known != '\0' &&
		    slice_eq(slice_of(known), name))
			return f;
	}
	return -1;
}

int
field_in_object(enum object object, struct slice name)
{
	return find_name(name, object_info[object].first,
	    object_info[object].end);
}

int
field_of_name(struct slice name)
{
	for (int i = 0; i < OBJECT_COUNT; i++) {
		const struct object_info *o = &object_info[i];
		size_t n = o->name.len;

		if (name.len > n && name.p[n] == '.' &&
		    memcmp(name.p, o->name.p, n) == 0)
			return field_in_object((enum object)i,
			    (struct slice){name.p + n + 1, name.len - n - 1});
	}
	return find_name(name, 0, FIELD_TOP_END);
}
