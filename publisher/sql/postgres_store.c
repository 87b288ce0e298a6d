#include "postgres_store.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

/* Any number, as long as nobody else locks it. */
#define LOCK "SELECT pg_advisory_xact_lock(8391170859313390963)"

/* What the names of temporary tables begin with. */
#define TEMPORARY "new_"

static const struct schema_dialect dialect = {
    .types = {"text PRIMARY KEY", "text", "timestamptz", "bigint",
	"boolean NOT NULL", "jsonb", "jsonb NOT NULL"},
    .sent_at = "timestamp AT TIME ZONE 'UTC'",
    .badge_list = "(SELECT string_agg(key || '/' || value, ',')"
		  " FROM jsonb_each_text(badges))"};

/* --- the schema */

/*
 * The version that is there; 0 for none. It reads pg_class, since without a
 * table to read PostgreSQL may not notice what others made meanwhile.
 */
static enum store_result
find_version(struct postgres *p, int *version, struct store_batch *batch)
{
	enum store_result result = postgres_ask(p,
	    "SELECT count(*) FROM pg_class"
	    " WHERE oid = to_regclass('" SCHEMA_TABLE "')",
	    version, batch);

	if (result != STORE_DONE || *version == 0)
		return result;
	return postgres_ask(p, "SELECT version FROM " SCHEMA_TABLE, version,
	    batch);
}

/* Step by step, in a transaction that keeps others from doing the same. */
static enum store_result
make_schema(struct postgres_store *s, int *version, struct store_batch *batch)
{
	char sql[SCHEMA_TEXT];
	enum store_result result;

	result = postgres_run(&s->postgres, "BEGIN; " LOCK, batch);
	if (result == STORE_DONE)
		result = find_version(&s->postgres, version, batch);
	for (; result == STORE_DONE && *version < s->schema->version;
	    ++*version) {
		schema_step(s->schema, &dialect, *version, sql);
		result = postgres_run(&s->postgres, sql, batch);
	}
	return result == STORE_DONE ?
	    postgres_run(&s->postgres, "COMMIT", batch) :
	    result;
}

static enum store_result
prepare_schema(struct postgres_store *s, struct store_batch *batch)
{
	enum store_result result;
	int version;

	result = find_version(&s->postgres, &version, batch);
	if (result == STORE_DONE && version < s->schema->version)
		result = make_schema(s, &version, batch);
	if (result != STORE_DONE || version == s->schema->version)
		return result;
	snprintf(batch->why, sizeof(batch->why),
	    "the database was made by a newer release: its schema is version "
	    "%d, this one knows %d",
	    version, s->schema->version);
	batch->status = STATUS_USAGE;
	return STORE_FATAL;
}

/*
 * A temporary table beside each, with times in ms, and the statements that
 * copy into it and take over what is new: one string, so one transaction. In
 * the order of ids, so that two who write the same do not wait for each other
 * in a circle.
 */
static enum store_result
prepare_table(struct postgres_store *s, int table, struct store_batch *batch)
{
	static const char *const types[ROW_KINDS] = {
	    "text", "text", "bigint", "bigint", "boolean", "jsonb", "jsonb"};
	const struct row_table *t = &row_tables[table];
	char sql[2 * ROW_COLUMNS_TEXT], *p;

	p = sql +
	    sprintf(sql, "CREATE TEMPORARY TABLE " TEMPORARY "%s (", t->name);
	p = row_columns(t, types, p);
	stpcpy(p, ") ON COMMIT DELETE ROWS");

	p = s->copy[table];
	p += sprintf(p, "COPY " TEMPORARY "%s FROM STDIN; INSERT INTO %s (",
	    t->name, t->name);
	p = stpcpy(row_columns(t, NULL, p), ") SELECT ");
	for (size_t i = 0; i < t->count; i++)
		p += sprintf(p,
		    t->columns[i].kind == ROW_TIME ?
			"%sto_timestamp(%s / 1000.0::float8)" :
			"%s%s",
		    i == 0 ? "" : ", ", t->columns[i].name);
	sprintf(p,
	    " FROM " TEMPORARY
	    "%s ORDER BY id, ctid ON CONFLICT (id) DO NOTHING",
	    t->name);
	return postgres_run(&s->postgres, sql, batch);
}

/*
 * A temporary table that is amiss is that of another session: a pool between
 * has lent us one for each transaction.
 */
static void
blame_pool(struct store_batch *batch)
{
	size_t len = strlen(batch->why);

	if (strstr(batch->why, TEMPORARY) != NULL)
		snprintf(batch->why + len, sizeof(batch->why) - len,
		    "; a pool between has to be one of sessions");
}

static enum store_result
connect_store(void *store, struct store_batch *batch)
{
	struct postgres_store *s = store;
	enum store_result result;

	if (s->postgres.conn != NULL &&
	    postgres_run(&s->postgres, "", batch) == STORE_DONE)
		return STORE_DONE;
	result = postgres_connect(&s->postgres, batch);
	if (result == STORE_DONE)
		result = prepare_schema(s, batch);
	for (int i = 0; i < ROW_TABLES && result == STORE_DONE; i++)
		result = prepare_table(s, i, batch);
	if (result != STORE_DONE) {
		blame_pool(batch);
		postgres_leave(&s->postgres);
	}
	if (result == STORE_REFUSED) { /* which is no record's fault */
		batch->status = STATUS_USAGE;
		result = STORE_FATAL;
	}
	return result;
}

/* --- rows, in the text format of COPY */

static void
put_char(struct postgres_store *s, char c)
{
	if (s->len == sizeof(s->block)) {
		postgres_copy_data(&s->postgres, s->block, s->len);
		s->len = 0;
	}
	s->block[s->len++] = c;
}

static void
put_text(struct postgres_store *s, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.p[i]) {
		case '\\':
			put_char(s, '\\');
			put_char(s, '\\');
			break;
		case '\n':
			put_char(s, '\\');
			put_char(s, 'n');
			break;
		case '\r':
			put_char(s, '\\');
			put_char(s, 'r');
			break;
		case '\t':
			put_char(s, '\\');
			put_char(s, 't');
			break;
		default:
			put_char(s, text.p[i]);
		}
	}
}

static void
put_value(struct postgres_store *s, enum row_kind kind,
    const struct row_value *v)
{
	char digits[JSON_INT_MAX + JSON_SLACK];

	if (v->null) {
		put_char(s, '\\');
		put_char(s, 'N');
		return;
	}
	switch (kind) {
	case ROW_TIME:
	case ROW_INTEGER:
		put_text(s,
		    (struct slice){digits,
			(size_t)(json_int(digits, v->number) - digits)});
		break;
	case ROW_FLAG:
		put_char(s, v->number ? 't' : 'f');
		break;
	case ROW_KEY:
	case ROW_TEXT:
	case ROW_JSON:
	case ROW_RECORD:
		put_text(s, v->text);
		break;
	case ROW_KINDS:
		break;
	}
}

static void
put_row(struct postgres_store *s)
{
	const struct row_table *t = s->row.table;

	for (size_t i = 0; i < t->count; i++) {
		put_value(s, t->columns[i].kind, &s->row.values[i]);
		put_char(s, i + 1 < t->count ? '\t' : '\n');
	}
}

/*
 * Write the records that belong in a table, and count them. A transaction of
 * its own is as good as one for all: what is there already does no harm.
 */
static enum store_result
write_table(struct postgres_store *s, int table, struct store_batch *batch,
    size_t *written)
{
	enum store_result result = STORE_DONE;
	size_t rows = 0;

	s->len = 0;
	for (size_t i = 0; i < batch->count; i++) {
		if (row_fill(&s->row, batch->records[i]) == -1 ||
		    s->row.table != &row_tables[table])
			continue;
		if (rows++ == 0)
			result =
			    postgres_copy(&s->postgres, s->copy[table], batch);
		if (result != STORE_DONE)
			return result;
		put_row(s);
	}
	*written += rows;
	if (rows == 0)
		return STORE_DONE;
	postgres_copy_data(&s->postgres, s->block, s->len);
	return postgres_copy_end(&s->postgres, batch);
}

static enum store_result
write_batch(void *store, struct store_batch *batch)
{
	enum store_result result = STORE_DONE;
	size_t written = 0;

	for (int i = 0; i < ROW_TABLES && written < batch->count; i++) {
		result = write_table(store, i, batch, &written);
		if (result != STORE_DONE) {
			blame_pool(batch);
			return result;
		}
	}
	if (written == batch->count)
		return STORE_DONE;
	snprintf(batch->why, sizeof(batch->why), "no row");
	return STORE_REFUSED;
}

static void
close_store(void *store)
{
	struct postgres_store *s = store;

	postgres_leave(&s->postgres);
}

const struct store_ops postgres_store_ops = {
    connect_store, write_batch, close_store, row_check};
