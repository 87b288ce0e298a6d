#include "clickhouse_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clickhouse_schema.h"
#include "json.h"
#include "scan.h"

/* ClickHouse's error codes. */
enum {
	UNKNOWN_TABLE = 60,
	UNKNOWN_DATABASE = 81,
	READONLY = 164,
	UNKNOWN_USER = 192,
	WRONG_PASSWORD = 193,
	REQUIRED_PASSWORD = 194,
	IP_ADDRESS_NOT_ALLOWED = 195,
	DATABASE_ACCESS_DENIED = 291,
	ACCESS_DENIED = 497,
	AUTHENTICATION_FAILED = 516
};

/* --- asking */

/* The code that an answer begins with; 0 for none. */
static int
code_of(const struct http_answer *answer)
{
	int code = 0;

	(void)sscanf(answer->body, "Code: %d", &code);
	return code;
}

/* Is a record at fault, of which there are some? */
static bool
is_bad_data(int code)
{
	static const int codes[] = {
	    6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 131, 321, 349};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code == codes[i])
			return true;
	return false;
}

/* What an answer other than 200 means for the batch. */
static enum store_result
judge(struct store_batch *batch, const struct http_answer *answer)
{
	int code = code_of(answer);
	size_t len = strcspn(answer->body, "\n");

	snprintf(batch->why, sizeof(batch->why), "clickhouse says: %.*s",
	    len < 400 ? (int)len : 400, answer->body);
	switch (code) {
	case READONLY:
	case UNKNOWN_USER:
	case WRONG_PASSWORD:
	case REQUIRED_PASSWORD:
	case IP_ADDRESS_NOT_ALLOWED:
	case DATABASE_ACCESS_DENIED:
	case ACCESS_DENIED:
	case AUTHENTICATION_FAILED:
		batch->status = STATUS_CREDENTIALS;
		return STORE_FATAL;
	case UNKNOWN_DATABASE:
		batch->status = STATUS_USAGE;
		return STORE_FATAL;
	default:
		return batch->count > 0 && is_bad_data(code) ? STORE_REFUSED :
							       STORE_RETRY;
	}
}

/* Run a statement, with these bytes behind it. */
static enum store_result
ask(struct clickhouse_store *s, const char *sql, struct slice bytes,
    struct store_batch *batch, struct http_answer *answer)
{
	struct http_form query = {0};
	int n;

	http_form_add(&query, "database", s->database);
	http_form_add(&query, "query", sql);
	n = http_send(s->http, "/", &query, s->headers, bytes, answer);
	http_form_free(&query);
	if (n == 0)
		return answer->status == 200 ? STORE_DONE :
					       judge(batch, answer);
	snprintf(batch->why, sizeof(batch->why), "clickhouse: %s",
	    http_error(s->http));
	if (!http_distrusts(s->http))
		return STORE_RETRY;
	batch->status = STATUS_USAGE;
	return STORE_FATAL;
}

/* --- the schema */

static enum store_result
make_schema(struct clickhouse_store *s, struct store_batch *batch)
{
	enum store_result result = STORE_DONE;
	char sql[CLICKHOUSE_SCHEMA_TEXT];
	struct http_answer answer = {0};

	for (size_t i = 0;
	    result == STORE_DONE && clickhouse_schema_statement(i, sql) == 0;
	    i++)
		result = ask(s, sql, SLICE(""), batch, &answer);
	return result;
}

static enum store_result
connect_store(void *store, struct store_batch *batch)
{
	struct clickhouse_store *s = store;
	struct http_answer answer = {0};
	enum store_result result =
	    ask(s, "SELECT max(version) FROM twitch_schema FORMAT TabSeparated",
		SLICE(""), batch, &answer);
	long version = 0;

	if (result == STORE_DONE)
		version = strtol(answer.body, NULL, 10);
	else if (result != STORE_RETRY || answer.body == NULL ||
	    code_of(&answer) != UNKNOWN_TABLE)
		return result;
	if (version == CLICKHOUSE_SCHEMA_VERSION)
		return STORE_DONE;
	if (version < CLICKHOUSE_SCHEMA_VERSION)
		return make_schema(s, batch);
	snprintf(batch->why, sizeof(batch->why),
	    "the database '%.200s' was made by a newer release: its schema is "
	    "version %ld, this one knows %d",
	    s->database, version, CLICKHOUSE_SCHEMA_VERSION);
	batch->status = STATUS_USAGE;
	return STORE_FATAL;
}

/* --- rows */

static char *
put_value(char *p, enum row_kind kind, const struct row_value *v)
{
	switch (kind) {
	case ROW_TIME:
	case ROW_INTEGER:
	case ROW_FLAG:
		return json_int(p, v->number);
	default:
		return json_string(p, v->text);
	}
}

/* The longest that a row may become as an object of JSON. */
static size_t
row_room(const struct row *row)
{
	const struct row_table *t = row->table;
	size_t room = sizeof("{}\n");

	for (size_t i = 0; i < t->count; i++)
		room += strlen(t->columns[i].name) + sizeof("\"\":,") +
		    JSON_INT_MAX + JSON_STRING_MAX(row->values[i].text.len);
	return room;
}

static char *
put_row(char *p, const struct row *row)
{
	const struct row_table *t = row->table;
	char before = '{';

	for (size_t i = 0; i < t->count; i++) {
		if (row->values[i].null)
			continue;
		*p++ = before;
		p = json_string(p, slice_of(t->columns[i].name));
		*p++ = ':';
		p = put_value(p, t->columns[i].kind, &row->values[i]);
		before = ',';
	}
	return stpcpy(p, "}\n");
}

/* Returns 0, or -1 when out of memory. */
static int
add_row(struct clickhouse_rows *rows, const struct row *row)
{
	size_t room = row_room(row);

	if (room > rows->size - rows->len) {
		size_t size = 2 * rows->size + room;
		char *text = realloc(rows->text, size);

		if (text == NULL)
			return -1;
		rows->text = text;
		rows->size = size;
	}
	rows->len = (size_t)(put_row(rows->text + rows->len, row) - rows->text);
	return 0;
}

/* Each record of the batch as a row of its table. */
static enum store_result
make_rows(struct clickhouse_store *s, struct store_batch *batch)
{
	for (int i = 0; i < ROW_TABLES; i++)
		s->rows[i].len = 0;
	for (size_t i = 0; i < batch->count; i++) {
		if (row_fill(&s->row, batch->records[i]) == -1) {
			snprintf(batch->why, sizeof(batch->why),
			    "not a JSON object");
			batch->bad = i;
			return STORE_REFUSED;
		}
		if (add_row(&s->rows[s->row.table - row_tables], &s->row) ==
		    -1) {
			snprintf(batch->why, sizeof(batch->why),
			    "out of memory");
			return STORE_RETRY;
		}
	}
	return STORE_DONE;
}

static enum store_result
write_batch(void *store, struct store_batch *batch)
{
	struct clickhouse_store *s = store;
	enum store_result result = make_rows(s, batch);
	struct http_answer answer = {0};
	char sql[128];

	for (int i = 0; i < ROW_TABLES && result == STORE_DONE; i++) {
		if (s->rows[i].len == 0)
			continue;
		snprintf(sql, sizeof(sql), "INSERT INTO %s FORMAT JSONEachRow",
		    row_tables[i].name);
		result =
		    ask(s, sql, (struct slice){s->rows[i].text, s->rows[i].len},
			batch, &answer);
	}
	return result;
}

static void
close_store(void *store)
{
	struct clickhouse_store *s = store;

	http_close(s->http);
	row_close(&s->row);
	for (int i = 0; i < ROW_TABLES; i++)
		free(s->rows[i].text);
}

static const char *
check(void *store, struct slice record)
{
	(void)store;
	return scan_is_object(record) ? NULL : "not a JSON object";
}

const struct store_ops clickhouse_store_ops = {
    connect_store, write_batch, close_store, check};
