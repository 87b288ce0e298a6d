#include "postgres.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "variable.h"

enum { CONNECT_MS = 10000 };

/* Else it is the name of a database. */
static bool
is_conninfo(const char *database)
{
	return strchr(database, '=') != NULL ||
	    strncmp(database, "postgresql://", 13) == 0 ||
	    strncmp(database, "postgres://", 11) == 0;
}

const char *
postgres_refuse(const char *database)
{
	PQconninfoOption *options;
	bool password = false;

	if (!is_conninfo(database))
		return NULL;
	options = PQconninfoParse(database, NULL);
	if (options == NULL) /* what libpq says of it might hold a secret */
		return "no connection string that libpq understands";
	for (PQconninfoOption *o = options; o->keyword != NULL; o++)
		password = password ||
		    (strstr(o->keyword, "password") != NULL && o->val != NULL &&
			*o->val != '\0');
	PQconninfoFree(options);
	return password ?
	    "everybody can read arguments: give the password by DB_PASSWORD, "
	    "PGPASSWORD or ~/.pgpass" :
	    NULL;
}

/*
 * What an error of this SQLSTATE means (PostgreSQL's appendix A); NULL, as
 * when the connection is lost, may pass.
 */
static enum store_result
meaning(const char *state, enum status *status)
{
	static const struct {
		const char *state; /* the beginning */
		enum store_result result;
		enum status status;
	} known[] = {{"28", STORE_FATAL, STATUS_CREDENTIALS},
	    {"42501", STORE_FATAL, STATUS_CREDENTIALS},
	    {"3D", STORE_FATAL, STATUS_USAGE}, /* no such database */
	    {"3F", STORE_FATAL, STATUS_USAGE}, /* no such schema */
	    {"42", STORE_FATAL, STATUS_USAGE},
	    {"0A", STORE_FATAL, STATUS_USAGE}, {"21", STORE_REFUSED, STATUS_OK},
	    {"22", STORE_REFUSED, STATUS_OK},  /* data */
	    {"23", STORE_REFUSED, STATUS_OK},  /* constraints */
	    {"54", STORE_REFUSED, STATUS_OK}}; /* limits */

	for (size_t i = 0; state != NULL && i < sizeof(known) / sizeof(*known);
	    i++) {
		if (strncmp(state, known[i].state, strlen(known[i].state)) != 0)
			continue;
		*status = known[i].status;
		return known[i].result;
	}
	return STORE_RETRY;
}

/* Say the first line of it. */
static void
say(struct store_batch *batch, const char *text)
{
	snprintf(batch->why, sizeof(batch->why), "PostgreSQL: %.*s",
	    (int)strcspn(text, "\n"), text);
}

/* --- connecting */

static PGconn *
start(const struct postgres *p)
{
	static const char *const names[] = {"fallback_application_name",
	    "client_encoding", "tcp_user_timeout", "keepalives_idle", "host",
	    "port", "user", "password", "sslmode", "dbname", "sslmode",
	    "sslrootcert", NULL};
	const char *sslmode = p->sslmode == NULL && p->ca_file != NULL ?
	    "verify-full" :
	    p->sslmode;
	const char *values[] = {"postgres-publish", "UTF8", "30000", "30",
	    variable("DB_HOST"), variable("DB_PORT"), variable("DB_USER"),
	    variable("DB_PASSWORD"), variable("DB_SSLMODE"),
	    p->database != NULL ? p->database : variable("DB_NAME"), sslmode,
	    p->ca_file, NULL};

	/* A conninfo as dbname overrides what comes before it, not after. */
	return PQconnectStartParams(names, values, 1);
}

/* Until it is connected, or has failed, or time is over: then false. */
static bool
finish(PGconn *conn)
{
	int64_t deadline = clock_mono() + CONNECT_MS;
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
		struct pollfd fd = {.fd = PQsocket(conn),
		    .events =
			state == PGRES_POLLING_READING ? POLLIN : POLLOUT};
		int64_t left = deadline - clock_mono();

		if (left <= 0)
			return false;
		if (poll(&fd, 1, (int)left) == 1)
			state = PQconnectPoll(conn);
	}
	return true;
}

/* The SQLSTATE in a verbose message, 'FATAL:  28P01: …', or NULL. */
static const char *
find_state(const char *text)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	while ((text = strstr(text, ":  ")) != NULL) {
		text += 3;
		if (strspn(text, letters) == 5 && text[5] == ':')
			return text;
	}
	return NULL;
}

/*
 * Is it a certificate, or another matter of TLS that does not pass? There is
 * no code for it; the words are libpq's own, which never speaks but English
 * to who did not call setlocale(3).
 */
static bool
is_about_tls(const char *text)
{
	static const char *const words[] = {"certificate verify failed",
	    "server certificate for", "certificate file",
	    "does not support SSL", "sslmode value"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

static enum store_result
not_connected(PGconn *conn, struct store_batch *batch)
{
	const char *text = PQerrorMessage(conn);

	say(batch, text);
	if (PQconnectionNeedsPassword(conn)) {
		batch->status = STATUS_CREDENTIALS;
		return STORE_FATAL;
	}
	if (is_about_tls(text)) {
		batch->status = STATUS_USAGE;
		return STORE_FATAL;
	}
	return meaning(find_state(text), &batch->status);
}

static enum store_result
check_encoding(const PGconn *conn, struct store_batch *batch)
{
	const char *encoding = PQparameterStatus(conn, "server_encoding");

	if (encoding != NULL && strcmp(encoding, "UTF8") == 0)
		return STORE_DONE;
	snprintf(batch->why, sizeof(batch->why),
	    "the encoding of the database is %s; it has to be UTF8",
	    encoding == NULL ? "unknown" : encoding);
	batch->status = STATUS_USAGE;
	return STORE_FATAL;
}

static void
ignore_notice(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

enum store_result
postgres_connect(struct postgres *p, struct store_batch *batch)
{
	postgres_leave(p);
	p->conn = start(p);
	if (p->conn == NULL) {
		say(batch, "out of memory");
		return STORE_RETRY;
	}
	/* Only so is there a SQLSTATE in what a failure to connect says. */
	PQsetErrorVerbosity(p->conn, PQERRORS_VERBOSE);
	PQsetNoticeProcessor(p->conn, ignore_notice, NULL);
	if (PQstatus(p->conn) != CONNECTION_BAD && !finish(p->conn)) {
		say(batch, "no answer to an attempt to connect");
		return STORE_RETRY;
	}
	return PQstatus(p->conn) == CONNECTION_OK ?
	    check_encoding(p->conn, batch) :
	    not_connected(p->conn, batch);
}

void
postgres_leave(struct postgres *p)
{
	PQfinish(p->conn);
	p->conn = NULL;
}

/* --- statements */

/* What a result is: STORE_DONE, or what its error means, and why. */
static enum store_result
judge(struct postgres *p, const PGresult *result, struct store_batch *batch)
{
	const char *text;

	switch (PQresultStatus(result)) {
	case PGRES_EMPTY_QUERY:
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_COPY_IN:
		return STORE_DONE;
	default:
		break;
	}
	/* The detail may hold what people said; it is not for the log. */
	text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	say(batch, text != NULL ? text : PQerrorMessage(p->conn));
	return meaning(PQresultErrorField(result, PG_DIAG_SQLSTATE),
	    &batch->status);
}

/* The results that are left; the first that is bad counts. */
static enum store_result
collect(struct postgres *p, struct store_batch *batch)
{
	enum store_result worst = STORE_DONE;
	PGresult *result;

	while ((result = PQgetResult(p->conn)) != NULL) {
		if (worst == STORE_DONE)
			worst = judge(p, result, batch);
		PQclear(result);
	}
	return worst;
}

static enum store_result
send(struct postgres *p, const char *sql, struct store_batch *batch)
{
	if (PQsendQuery(p->conn, sql) == 1)
		return STORE_DONE;
	say(batch, PQerrorMessage(p->conn));
	return STORE_RETRY;
}

enum store_result
postgres_run(struct postgres *p, const char *sql, struct store_batch *batch)
{
	enum store_result result = send(p, sql, batch);

	return result == STORE_DONE ? collect(p, batch) : result;
}

enum store_result
postgres_ask(struct postgres *p, const char *sql, int *n,
    struct store_batch *batch)
{
	PGresult *result = PQexec(p->conn, sql);
	enum store_result judged = judge(p, result, batch);

	*n = judged == STORE_DONE && PQntuples(result) == 1 ?
	    atoi(PQgetvalue(result, 0, 0)) :
	    0;
	PQclear(result);
	return judged;
}

enum store_result
postgres_copy(struct postgres *p, const char *sql, struct store_batch *batch)
{
	enum store_result judged = send(p, sql, batch);
	PGresult *result;

	if (judged != STORE_DONE)
		return judged;
	result = PQgetResult(p->conn);
	judged = judge(p, result, batch);
	PQclear(result);
	if (judged != STORE_DONE)
		(void)collect(p, &(struct store_batch){0});
	return judged;
}

enum store_result
postgres_copy_end(struct postgres *p, struct store_batch *batch)
{
	(void)PQputCopyEnd(p->conn, NULL);
	return collect(p, batch);
}

void
postgres_copy_data(struct postgres *p, const char *bytes, size_t n)
{
	(void)PQputCopyData(p->conn, bytes, (int)n);
}
