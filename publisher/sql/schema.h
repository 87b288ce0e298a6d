#ifndef PUBLISHER_SQL_SCHEMA
#define PUBLISHER_SQL_SCHEMA

#include "row.h"

/*
 * The schema of SQLite and PostgreSQL: the tables of row.h, their indexes, and
 * views with the names and columns of Poglytics' tables, so that what queries
 * that system finds the same here. twitch-events-sql(5) is its manual.
 *
 * Its version is the one row of the table twitch_schema. A version is never
 * changed once it was released: the next one follows, by a step of its own.
 */
enum {
	SCHEMA_VERSION = 1,
	SCHEMA_TEXT = 32 * 1024 /* room enough for schema_step */
};

/* How a database says what they say differently. */
struct schema_dialect {
	const char *types[ROW_KINDS]; /* of columns */

	/* Of an event: the time as people read it, in UTC; its badges as one
	 * text, such as vip/1,premium/1. */
	const char *sent_at, *badge_list;
};

/*
 * The statements, each with its semicolon, that lead from this version to the
 * next; 0 is a database without any of it. They are to be run in one
 * transaction. Writes them to sql, NUL-terminated.
 */
void schema_step(const struct schema_dialect *d, int version, char *sql);

/* Where version 0 ends: a table that is there in every later one. */
#define SCHEMA_TABLE "twitch_schema"

#endif
