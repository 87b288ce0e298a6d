#include "sqlite_store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { BUSY_MS = 5000 /* wait so long for who else writes */ };

static const struct schema_dialect dialect = {
    .types = {"text NOT NULL PRIMARY KEY", "text", "integer", "integer",
	"integer NOT NULL", "text", "text NOT NULL"},
    .sent_at = "strftime('%Y-%m-%d %H:%M:%f', timestamp / 1000.0, 'unixepoch')",
    .badge_list = "(SELECT group_concat(key || '/' || value, ',')"
		  " FROM json_each(badges))"};

/* Is the path itself wrong? */
static bool
is_wrong_path(int error)
{
	switch (error) {
	case EACCES:
	case EISDIR:
	case ENAMETOOLONG:
	case ENOENT:
	case ENOTDIR:
		return true;
	default:
		return false;
	}
}

/* The last call failed. */
static enum store_result
fail(const struct sqlite_store *s, struct store_batch *batch)
{
	int system = sqlite3_system_errno(s->db);

	snprintf(batch->why, sizeof(batch->why), "'%.200s': %s", s->path,
	    sqlite3_errmsg(s->db));
	batch->status = STATUS_USAGE;
	switch (sqlite3_extended_errcode(s->db) & 0xff) {
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (system != 0)
			snprintf(batch->why, sizeof(batch->why), "'%.200s': %s",
			    s->path, strerror(system));
		return is_wrong_path(system) ? STORE_FATAL : STORE_RETRY;
	case SQLITE_BUSY:
	case SQLITE_FULL:
	case SQLITE_LOCKED:
	case SQLITE_NOMEM:
	case SQLITE_PROTOCOL:
	case SQLITE_SCHEMA:
		return STORE_RETRY;
	default:
		return STORE_FATAL;
	}
}

static int
run(const struct sqlite_store *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

/* The one whole number that a query gives. Returns SQLite's code. */
static int
ask(const struct sqlite_store *s, const char *sql, int *n)
{
	sqlite3_stmt *stmt;
	int error = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (error != SQLITE_OK)
		return error;
	error = sqlite3_step(stmt);
	*n = error == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : 0;
	return sqlite3_finalize(stmt);
}

/* The version of the schema that is there; 0 for none. */
static int
find_version(const struct sqlite_store *s, int *version)
{
	int error = ask(s,
	    "SELECT count(*) FROM sqlite_master WHERE name = '" SCHEMA_TABLE
	    "'",
	    version);

	if (error != SQLITE_OK || *version == 0)
		return error;
	return ask(s, "SELECT version FROM " SCHEMA_TABLE, version);
}

/* Step by step, in a transaction that keeps others from doing the same. */
static enum store_result
make_schema(struct sqlite_store *s, struct store_batch *batch)
{
	char sql[SCHEMA_TEXT];
	int version;

	if (find_version(s, &version) != SQLITE_OK)
		return fail(s, batch);
	for (; version < s->schema->version; version++) {
		schema_step(s->schema, &dialect, version, sql);
		if (run(s, sql) != SQLITE_OK)
			return fail(s, batch);
	}
	if (version == s->schema->version)
		return STORE_DONE;
	snprintf(batch->why, sizeof(batch->why),
	    "'%.200s' was made by a newer release: its schema is version %d, "
	    "this one knows %d",
	    s->path, version, s->schema->version);
	batch->status = STATUS_USAGE;
	return STORE_FATAL;
}

static enum store_result
prepare_schema(struct sqlite_store *s, struct store_batch *batch)
{
	enum store_result result;
	int version;

	if (find_version(s, &version) == SQLITE_OK &&
	    version == s->schema->version)
		return STORE_DONE;
	if (run(s, "BEGIN IMMEDIATE") != SQLITE_OK)
		return fail(s, batch);
	result = make_schema(s, batch);
	if (result == STORE_DONE && run(s, "COMMIT") != SQLITE_OK)
		result = fail(s, batch);
	if (result != STORE_DONE)
		(void)run(s, "ROLLBACK");
	return result;
}

static int
prepare_insert(struct sqlite_store *s, int table)
{
	const struct row_table *t = &row_tables[table];
	char sql[2 * ROW_COLUMNS_TEXT], *p = sql;

	p += sprintf(p, "INSERT INTO %s (", t->name);
	p = row_columns(t, NULL, p);
	p = stpcpy(p, ") VALUES (?");
	for (size_t i = 1; i < t->count; i++)
		p = stpcpy(p, ", ?");
	stpcpy(p, ") ON CONFLICT (id) DO NOTHING");
	return sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &s->inserts[table], NULL);
}

static enum store_result
prepare(struct sqlite_store *s, struct store_batch *batch)
{
	enum store_result result;

	sqlite3_busy_timeout(s->db, BUSY_MS);
	/* Synchronous: what is said to be there outlives a power cut. */
	if (run(s,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA cache_size = -32768;" /* KiB */
		"PRAGMA wal_autocheckpoint = 4000" /* of 4 KiB */) != SQLITE_OK)
		return fail(s, batch);
	result = prepare_schema(s, batch);
	if (result != STORE_DONE)
		return result;
	for (int i = 0; i < ROW_TABLES; i++)
		if (prepare_insert(s, i) != SQLITE_OK)
			return fail(s, batch);
	return STORE_DONE;
}

static void
leave(struct sqlite_store *s)
{
	for (int i = 0; i < ROW_TABLES; i++) {
		sqlite3_finalize(s->inserts[i]);
		s->inserts[i] = NULL;
	}
	sqlite3_close(s->db);
	s->db = NULL;
}

/* Is the file still in its place? Else rows would go where nobody looks. */
static bool
in_place(const struct sqlite_store *s)
{
	int moved = 0;

	return sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_HAS_MOVED,
		   &moved) == SQLITE_OK &&
	    !moved;
}

static enum store_result
open_database(struct sqlite_store *s, struct store_batch *batch)
{
	if (sqlite3_open_v2(s->path, &s->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return fail(s, batch);
	if (sqlite3_db_readonly(s->db, "main") == 1) {
		snprintf(batch->why, sizeof(batch->why),
		    "'%.200s' may only be read", s->path);
		batch->status = STATUS_USAGE;
		return STORE_FATAL;
	}
	return prepare(s, batch);
}

static enum store_result
connect_store(void *store, struct store_batch *batch)
{
	struct sqlite_store *s = store;
	enum store_result result;

	if (s->db != NULL && in_place(s))
		return STORE_DONE;
	leave(s);
	result = open_database(s, batch);
	if (result != STORE_DONE)
		leave(s);
	return result;
}

static void
bind(sqlite3_stmt *stmt, int i, enum row_kind kind, const struct row_value *v)
{
	switch (kind) {
	case ROW_TIME:
	case ROW_INTEGER:
	case ROW_FLAG:
		if (!v->null)
			sqlite3_bind_int64(stmt, i, v->number);
		break;
	case ROW_KEY:
	case ROW_TEXT:
	case ROW_JSON:
	case ROW_RECORD:
		if (!v->null)
			sqlite3_bind_text64(stmt, i, v->text.p, v->text.len,
			    SQLITE_STATIC, SQLITE_UTF8);
		break;
	case ROW_KINDS:
		break;
	}
}

/* Returns SQLite's code. */
static int
insert(struct sqlite_store *s)
{
	const struct row_table *t = s->row.table;
	sqlite3_stmt *stmt = s->inserts[t - row_tables];

	sqlite3_clear_bindings(stmt);
	for (size_t i = 0; i < t->count; i++)
		bind(stmt, (int)i + 1, t->columns[i].kind, &s->row.values[i]);
	sqlite3_step(stmt);
	return sqlite3_reset(stmt);
}

static enum store_result
insert_all(struct sqlite_store *s, struct store_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		batch->bad = i;
		if (row_fill(&s->row, batch->records[i]) == -1) {
			snprintf(batch->why, sizeof(batch->why),
			    "not a JSON object");
			return STORE_REFUSED;
		}
		switch (insert(s)) {
		case SQLITE_OK:
			break;
		case SQLITE_CONSTRAINT:
		case SQLITE_MISMATCH:
		case SQLITE_TOOBIG:
			fail(s, batch);
			return STORE_REFUSED;
		default:
			return fail(s, batch);
		}
	}
	return STORE_DONE;
}

static enum store_result
write_batch(void *store, struct store_batch *batch)
{
	struct sqlite_store *s = store;
	enum store_result result;

	if (!in_place(s)) {
		snprintf(batch->why, sizeof(batch->why),
		    "'%.200s' was moved away", s->path);
		return STORE_RETRY;
	}
	if (run(s, "BEGIN IMMEDIATE") != SQLITE_OK)
		return fail(s, batch);
	result = insert_all(s, batch);
	if (result == STORE_DONE && run(s, "COMMIT") != SQLITE_OK)
		result = fail(s, batch);
	/* It may have been rolled back by SQLite already. */
	if (result != STORE_DONE && !sqlite3_get_autocommit(s->db))
		(void)run(s, "ROLLBACK");
	return result;
}

static void
close_store(void *store)
{
	leave(store);
}

const struct store_ops sqlite_store_ops = {
    connect_store, write_batch, close_store, row_check};
