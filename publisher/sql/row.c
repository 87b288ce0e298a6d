#include "row.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repair.h"

#define COLUMN(name, kind) {#name, kind, SLICE_INIT(#name)}

static const struct row_column events[] = {
    COLUMN(id, ROW_KEY),
    COLUMN(type, ROW_TEXT),
    COLUMN(timestamp, ROW_TIME),
    COLUMN(received, ROW_TIME),
    COLUMN(channel, ROW_TEXT),
    COLUMN(channel_id, ROW_TEXT),
    COLUMN(user_id, ROW_TEXT),
    COLUMN(username, ROW_TEXT),
    COLUMN(display_name, ROW_TEXT),
    COLUMN(color, ROW_TEXT),
    COLUMN(badges, ROW_JSON),
    COLUMN(mod, ROW_FLAG),
    COLUMN(subscriber, ROW_FLAG),
    COLUMN(vip, ROW_FLAG),
    COLUMN(kind, ROW_TEXT),
    COLUMN(system_message, ROW_TEXT),
    COLUMN(message, ROW_TEXT),
    COLUMN(action, ROW_FLAG),
    COLUMN(emotes, ROW_JSON),
    COLUMN(bits, ROW_INTEGER),
    COLUMN(first_message, ROW_FLAG),
    COLUMN(duration, ROW_INTEGER),
    COLUMN(target_id, ROW_TEXT),
    {"event", ROW_RECORD, SLICE_INIT("")},
};

static const struct row_column snapshots[] = {
    COLUMN(id, ROW_KEY),
    COLUMN(stream_id, ROW_TEXT),
    {"user_id", ROW_TEXT, SLICE_INIT("channel_id")},
    {"user_login", ROW_TEXT, SLICE_INIT("channel")},
    {"user_name", ROW_TEXT, SLICE_INIT("display_name")},
    COLUMN(game_id, ROW_TEXT),
    COLUMN(game_name, ROW_TEXT),
    {"type", ROW_TEXT, SLICE_INIT("kind")},
    COLUMN(title, ROW_TEXT),
    COLUMN(viewer_count, ROW_INTEGER),
    COLUMN(started_at, ROW_TIME),
    COLUMN(language, ROW_TEXT),
    COLUMN(thumbnail_url, ROW_TEXT),
    {"tags", ROW_JSON, SLICE_INIT("stream_tags")},
    COLUMN(is_mature, ROW_FLAG),
    {"snapshot_time", ROW_TIME, SLICE_INIT("timestamp")},
    {"event", ROW_RECORD, SLICE_INIT("")},
};

const struct row_table row_tables[ROW_TABLES] = {
    {"events", events, sizeof(events) / sizeof(events[0])},
    {"stream_snapshots", snapshots, sizeof(snapshots) / sizeof(snapshots[0])},
};

int
row_open(struct row *r, size_t record_max)
{
	memset(r, 0, sizeof(*r));
	for (int i = 0; i < ROW_TABLES; i++)
		for (size_t j = 0; j < row_tables[i].count; j++)
			members_want(&r->members[i],
			    row_tables[i].columns[j].member);
	r->type_member = members_want(&r->members[ROW_EVENTS], SLICE("type"));
	r->record_max = record_max;
	r->repaired = malloc(REPAIR_MAX(record_max));
	r->text = malloc(REPAIR_MAX(record_max));
	if (r->repaired != NULL && r->text != NULL)
		return 0;
	row_close(r);
	return -1;
}

void
row_close(struct row *r)
{
	free(r->repaired);
	free(r->text);
}

/* A string's or number's text; unescaped at *p, which moves on. */
static struct slice
text_of(const struct member *m, char **p)
{
	char *from = *p;

	if (!m->found ||
	    (m->value.kind != SCAN_STRING && m->value.kind != SCAN_NUMBER))
		return SLICE("");
	if (!m->value.escaped)
		return m->value.value;
	*p = scan_unescape(from, m->value.value);
	return (struct slice){from, (size_t)(*p - from)};
}

static struct slice
json_of(const struct member *m)
{
	if (!m->found ||
	    (m->value.kind != SCAN_OBJECT && m->value.kind != SCAN_ARRAY))
		return SLICE("");
	return m->value.value;
}

/* A key from the bytes of a record; digits has room for it. */
static struct slice
hash(struct slice record, char *digits)
{
	unsigned char sum[EVP_MAX_MD_SIZE];

	/* It fails only where OpenSSL was built without SHA-256. */
	if (EVP_Digest(record.p, record.len, sum, NULL, EVP_sha256(), NULL) !=
	    1)
		abort();
	for (int i = 0; i < ROW_HASH / 2; i++) {
		digits[2 * i] = "0123456789abcdef"[sum[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
	}
	return (struct slice){digits, ROW_HASH};
}

static void
fill_value(struct row_value *v, enum row_kind kind, const struct member *m,
    char **p)
{
	*v = (struct row_value){.text = SLICE("")};
	switch (kind) {
	case ROW_KEY:
	case ROW_TEXT:
		v->text = text_of(m, p);
		v->null = v->text.len == 0;
		break;
	case ROW_JSON:
		v->text = json_of(m);
		v->null = v->text.len == 0;
		break;
	case ROW_TIME:
	case ROW_INTEGER:
		v->number = member_number(m);
		v->null = v->number == -1;
		break;
	case ROW_FLAG:
		v->number = m->found && m->value.kind == SCAN_TRUE;
		break;
	case ROW_RECORD:
	case ROW_KINDS:
		break;
	}
}

/* All values; of the key and the record itself only what is the same. */
static void
fill_values(struct row *r, const struct members *members)
{
	char *p = r->text;

	for (size_t i = 0; i < r->table->count; i++)
		fill_value(&r->values[i], r->table->columns[i].kind,
		    &members->list[i], &p);
}

static bool
is_type(const struct row *r, struct slice name)
{
	const struct member *type =
	    &r->members[ROW_EVENTS].list[r->type_member];

	return type->found && slice_eq(type->value.value, name);
}

/* Is this text, the member `id`, a key of its own? */
static bool
is_key(const struct row *r, struct slice id)
{
	return id.len > 0 && id.len <= ROW_KEY_MAX &&
	    !is_type(r, SLICE("whisper"));
}

int
row_fill(struct row *r, struct slice record)
{
	struct slice repaired;
	const char *why;
	int table;

	if (record.len > r->record_max)
		return -1;
	repaired = repair(record, r->repaired);
	if (members_find(&r->members[ROW_EVENTS], repaired, &why) == -1)
		return -1;
	table = is_type(r, SLICE("stream")) ? ROW_SNAPSHOTS : ROW_EVENTS;
	if (table != ROW_EVENTS)
		members_find(&r->members[table], repaired, &why);
	r->table = &row_tables[table];
	fill_values(r, &r->members[table]);
	if (!is_key(r, r->values[0].text))
		r->values[0].text = hash(record, r->hash);
	r->values[0].null = false;
	r->values[r->table->count - 1].text = repaired;
	return 0;
}

const char *
row_check(void *store, struct slice record)
{
	(void)store;
	return scan_is_object(record) ? NULL : "not a JSON object";
}

char *
row_columns(const struct row_table *table, const char *const types[ROW_KINDS],
    char *p)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct row_column *c = &table->columns[i];

		p = stpcpy(stpcpy(p, i == 0 ? "" : ", "), c->name);
		if (types != NULL)
			p = stpcpy(stpcpy(p, " "), types[c->kind]);
	}
	return p;
}
