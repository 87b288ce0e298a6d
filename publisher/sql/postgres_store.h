#ifndef PUBLISHER_SQL_POSTGRES_STORE_H
#define PUBLISHER_SQL_POSTGRES_STORE_H

#include "driver/store.h"
#include "postgres.h"
#include "row.h"
#include "schema.h"

enum { POSTGRES_BLOCK = 64 * 1024 };

/* Rows in PostgreSQL. */
struct postgres_store {
	/* Set by the caller; all else zero. */
	struct postgres postgres;
	const struct schema *schema;
	struct row row; /* open */

	char copy[ROW_TABLES][4 * ROW_COLUMNS_TEXT]; /* what fills a table */
	char block[POSTGRES_BLOCK];                  /* data on its way */
	size_t len;
};

/* What struct store does with one. */
extern const struct store_ops postgres_store_ops;

#endif
