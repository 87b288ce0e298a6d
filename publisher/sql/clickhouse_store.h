#ifndef PUBLISHER_SQL_CLICKHOUSE_STORE_H
#define PUBLISHER_SQL_CLICKHOUSE_STORE_H

#include "driver/store.h"
#include "http.h"
#include "row.h"

/* A database of ClickHouse's as a store, over HTTP. */
enum { CLICKHOUSE_HEADERS = 3 };

struct clickhouse_store {
	/* Set by the caller; row and http open. */
	const char *database;
	struct row row;
	struct http *http;
	const char *headers[CLICKHOUSE_HEADERS + 1]; /* who we are */

	struct clickhouse_rows {
		char *text; /* an object a line */
		size_t len, size;
	} rows[ROW_TABLES];
};

/* What struct store does with one. */
extern const struct store_ops clickhouse_store_ops;

#endif
