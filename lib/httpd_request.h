#ifndef LIB_HTTPD_REQUEST_H
#define LIB_HTTPD_REQUEST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "httpd.h"

/*
 * What httpd.c and httpd_request.c know of each other: a connection, and the
 * request that is under way on it.
 */
enum {
	HTTPD_FIELDS = 8, /* of a form; more are not looked at */
	HTTPD_SET = 4     /* headers by httpd_set */
};

struct MHD_Connection;

struct httpd_connection {
	struct MHD_Connection *mhd; /* NULL: there is none */
	int64_t deadline;           /* clock_mono() */
	bool answering;
};

struct field {
	const char *name;
	struct slice value;
};

struct header {
	const char *name, *value;
};

struct httpd_request {
	struct httpd *server;
	struct MHD_Connection *mhd;
	struct httpd_connection *connection;
	const char *method, *path;
	char body[HTTPD_BODY_MAX + 1];
	size_t len;
	struct field fields[HTTPD_FIELDS];
	size_t n_fields;
	struct header set[HTTPD_SET];
	size_t n_set;
	bool queued; /* it was answered */

	/* Of httpd_defer; done is NULL when nothing was deferred. */
	void (*work)(void *arg);
	void (*done)(void *arg, struct httpd_request *r);
	void *arg;
	pthread_t thread;
	bool has_thread;
};

/* The fields of a form in the body (application/x-www-form-urlencoded). */
void httpd_request_split(struct httpd_request *r);

#endif
