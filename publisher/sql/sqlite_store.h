#ifndef PUBLISHER_SQL_SQLITE_STORE_H
#define PUBLISHER_SQL_SQLITE_STORE_H

#include "driver/store.h"
#include "row.h"
#include "schema.h"

/* Rows in a file of SQLite's. */
struct sqlite_store {
	/* Set by the caller; all else zero. */
	const char *path; /* made if it is not there */
	const struct schema *schema;
	struct row row; /* open */

	struct sqlite3 *db;
	struct sqlite3_stmt *inserts[ROW_TABLES];
};

/* What struct store does with one. */
extern const struct store_ops sqlite_store_ops;

#endif
