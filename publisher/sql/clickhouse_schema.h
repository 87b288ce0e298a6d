#ifndef PUBLISHER_SQL_CLICKHOUSE_SCHEMA_H
#define PUBLISHER_SQL_CLICKHOUSE_SCHEMA_H

#include <stddef.h>

#include "row.h"

/*
 * The schema for ClickHouse: the tables of row.h, and views with the names and
 * columns of Poglytics' tables. A row that comes twice is merged into one, at
 * some time; the views and SELECT … FINAL see one at once.
 *
 * There is one version so far. The table twitch_schema says which there is,
 * and is written to last. There are no transactions: a database of an older
 * version is brought up by all the statements, from the first on.
 */
enum {
	CLICKHOUSE_SCHEMA_VERSION = 1,
	CLICKHOUSE_SCHEMA_TEXT = 2 * ROW_COLUMNS_TEXT /* room enough for one */
};

/*
 * The statement number i that makes the schema, written to sql and
 * NUL-terminated. Each may be run again, and does nothing more then. Returns 0,
 * or -1 when there are no more.
 */
int clickhouse_schema_statement(size_t i, char *sql);

#endif
