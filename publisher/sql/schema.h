#ifndef PUBLISHER_SQL_SCHEMA_H
#define PUBLISHER_SQL_SCHEMA_H

#include "row.h"

/*
 * The schema of SQLite and PostgreSQL: the tables of row.h, their indexes, and
 * views with the names and columns of Poglytics' tables, so that what queries
 * that system finds the same here. twitch-events-sql(5) is its manual.
 *
 * Its version is the one row of the table twitch_schema. A version is never
 * changed once it was released: the next one follows, by a step of its own.
 */
enum { SCHEMA_TEXT = 32 * 1024 /* room enough for schema_step */ };

/* How a database says what they say differently. */
struct schema_dialect {
	const char *types[ROW_KINDS]; /* of columns */

	/* Of an event: the time as people read it, in UTC; its badges as one
	 * text, such as vip/1,premium/1. */
	const char *sent_at, *badge_list;
};

/*
 * A schema is the steps to it. The first, steps[0], is from a database without
 * any of it to version 1, and so on; each writes its statements, each with its
 * semicolon, at p and returns their end.
 */
struct schema {
	int version; /* how many steps there are */
	char *(*const *steps)(const struct schema_dialect *d, char *p);
};

/* That of this release. */
extern const struct schema schema_events;

/*
 * The statements that lead from this version to the next, and that say so in
 * the table, NUL-terminated. They are to be run in one transaction.
 */
void schema_step(const struct schema *s, const struct schema_dialect *d,
    int version, char *sql);

/* Where version 0 ends: a table that is there in every later one. */
#define SCHEMA_TABLE "twitch_schema"

#endif
