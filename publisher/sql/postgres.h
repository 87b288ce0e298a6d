#ifndef PUBLISHER_SQL_POSTGRES_H
#define PUBLISHER_SQL_POSTGRES_H

#include "driver/store.h"

struct pg_conn;

/* A connection to PostgreSQL, and what its errors mean to a store. */
struct postgres {
	/* Set by the caller; NULL: not given. */
	const char *database; /* a conninfo, a URI, a name */
	const char *sslmode;  /* libpq's word; with ca_file: verify-full */
	const char *ca_file;  /* who is trusted */

	struct pg_conn *conn; /* NULL: none */
};

/*
 * Why this, of an argument, is no way to name a database: a conninfo or URI
 * that libpq does not understand, or with a password in it, since everybody
 * can read arguments. NULL if it is one.
 */
const char *postgres_refuse(const char *database);

/*
 * Connect anew, by what the caller has set, of which `database` counts least;
 * else by DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME and DB_SSLMODE; else
 * by what libpq has: PG*, ~/.pgpass and the like.
 */
enum store_result postgres_connect(struct postgres *p,
    struct store_batch *batch);
void postgres_leave(struct postgres *p);

/* Run statements to their end. */
enum store_result postgres_run(struct postgres *p, const char *sql,
    struct store_batch *batch);

/* Run a query that gives one whole number, *n. */
enum store_result postgres_ask(struct postgres *p, const char *sql, int *n,
    struct store_batch *batch);

/*
 * Begin statements of which the first is a COPY FROM STDIN, which is ready for
 * data when this is STORE_DONE. Then end it, and run the others.
 */
enum store_result postgres_copy(struct postgres *p, const char *sql,
    struct store_batch *batch);
enum store_result postgres_copy_end(struct postgres *p,
    struct store_batch *batch);

/* Bytes for it. What goes wrong is told by postgres_copy_end. */
void postgres_copy_data(struct postgres *p, const char *bytes, size_t n);

#endif
