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

#define OBJECT(JSON, GROUP, END)                         \
	[OBJECT_##GROUP] = {                                 \
	    .head = {HEAD(JSON), sizeof(HEAD(JSON)) - 1},    \
	    .name = {JSON, sizeof(JSON) - 1},                \
	    .first = FIELD_##GROUP##_BEFORE + 1,             \
	    .end = END,                                      \
	}

struct object_info object_info[OBJECT_COUNT] = {
	OBJECT("reply", REPLY, FIELD_REPLY_END),
	OBJECT("paid", PAID, FIELD_PAID_END),
	OBJECT("source", SOURCE, FIELD_SOURCE_END),
	OBJECT("params", PARAMS, FIELD_COUNT),
};
/* clang-format on */

uint64_t field_forms[FIELD_WORDS];

void
field_open(void)
{
	for (int f = 0; f < FIELD_COUNT; f++)
		if (field_info[f].kind >= KIND_FORMS)
			field_forms[f / 64] |= UINT64_C(1) << f % 64;
	for (int i = 0; i < OBJECT_COUNT; i++) {
		struct object_info *o = &object_info[i];

		for (unsigned f = o->first; f < o->end; f++)
			o->mask[f / 64] |= UINT64_C(1) << f % 64;
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
