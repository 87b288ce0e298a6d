#ifndef PUBLISHER_SQL_ROW_H
#define PUBLISHER_SQL_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/members.h"
#include "slice.h"

/*
 * Records as rows: which tables the SQL stores have, with which columns, and
 * the values that a record has for them. Each store makes its own statements
 * of this. twitch-events-sql(5) has the schema in words.
 */
enum row_kind {
	ROW_KEY,     /* text that is the row's own, see row_fill */
	ROW_TEXT,    /* a string or number */
	ROW_TIME,    /* Unix ms */
	ROW_INTEGER, /* 0 or more */
	ROW_FLAG,    /* true, or else false, never null */
	ROW_JSON,    /* an object or array */
	ROW_RECORD,  /* the whole record, JSON, never null */
	ROW_KINDS
};

struct row_column {
	const char *name;
	enum row_kind kind;
	struct slice member; /* of the record, whose value it has */
};

struct row_table {
	const char *name;
	const struct row_column *columns;
	size_t count;
};

/*
 * Every table. Of each the first column is the key, the last the whole record.
 */
enum { ROW_EVENTS, ROW_SNAPSHOTS, ROW_TABLES };
extern const struct row_table row_tables[ROW_TABLES];

enum {
	ROW_COLUMNS_MAX = 32,
	ROW_KEY_MAX = 128,      /* bytes */
	ROW_HASH = 32,          /* digits */
	ROW_COLUMNS_TEXT = 4096 /* room enough for row_columns */
};

struct row_value {
	bool null;
	int64_t number;    /* ROW_TIME, ROW_INTEGER; ROW_FLAG: 0 or 1 */
	struct slice text; /* the other kinds; UTF-8 without NUL */
};

struct row {
	/* Of the last record; all borrow from it, or last until the next. */
	const struct row_table *table;
	struct row_value values[ROW_COLUMNS_MAX]; /* one for each column */

	struct members members[ROW_TABLES];
	int type_member; /* of events */
	char *repaired, *text;
	size_t record_max;
	char hash[ROW_HASH];
};

/*
 * Prepare for records of at most so many bytes. Returns 0, or -1 when out of
 * memory. row_close frees.
 */
int row_open(struct row *r, size_t record_max);
void row_close(struct row *r);

/*
 * Fill table and values in for a record. Returns 0; or -1 when it is not a
 * JSON object (or longer than record_max).
 *
 * Its key is its member `id`; where that is missing, or longer than
 * ROW_KEY_MAX, or of a whisper, whose ids are not unique, it is 128 bits of
 * the SHA-256 of the record's bytes, in 32 hexadecimal digits.
 *
 * What no database takes is replaced first, by repair().
 */
int row_fill(struct row *r, struct slice record);

/* Why a record is no row, or NULL: what struct store_ops calls check. */
const char *row_check(void *store, struct slice record);

/*
 * The columns of a table between commas, at p; with types, each followed by
 * types[kind]. Returns its new end, which is NUL.
 */
char *row_columns(const struct row_table *table,
    const char *const types[ROW_KINDS], char *p);

#endif
