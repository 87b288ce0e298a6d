#ifndef LIB_HTTPD_H
#define LIB_HTTPD_H

#include <stddef.h>

#include "slice.h"

/*
 * An HTTP/1.1 server for a few small endpoints, on the caller's event loop
 * and in its thread:
 *
 *	while (stop_wait(httpd_fd(h), POLLIN, httpd_wait(h)) != -1)
 *		httpd_run(h);
 *	httpd_close(h);
 *
 * Whatever a client does is bounded: how many there are, how long a request's
 * head and body are, and how long each part takes, however steadily its bytes
 * trickle. A body that is too long is refused before it is read; one of a
 * length not told beforehand is refused too.
 */
enum {
	HTTPD_CONNECTIONS = 1024, /* more than these wait to be accepted */
	HTTPD_HEAD_MAX = 16384,   /* bytes of a request's line and headers */
	HTTPD_BODY_MAX = 4096,    /* bytes of its body */
	HTTPD_HEAD_SECONDS = 5,   /* from a connection to its request's head */
	HTTPD_READ_SECONDS = 10,  /* and to the end of the body */
	HTTPD_WRITE_SECONDS = 15, /* for the answer */
	HTTPD_IDLE_SECONDS = 60,  /* to the next request, with its head */
	HTTPD_WORK_SECONDS = 120, /* for what is deferred */
	HTTPD_WORKERS = 16        /* of that at a time */
};

struct httpd;
struct httpd_request;

/*
 * Serve a listening socket, non-blocking, which becomes the server's. For
 * each request `handle` is called, which calls httpd_reply once, or
 * httpd_defer; nothing of the request outlives the call. Raises the soft limit on descriptors to what
 * the connections need. Returns NULL with errno set, the socket then still
 * the caller's.
 */
struct httpd *httpd_open(int socket,
    void (*handle)(void *context, struct httpd_request *r), void *context);

/* To poll(2) for POLLIN; and after at most so many ms, call httpd_run. */
int httpd_fd(const struct httpd *h);
int httpd_wait(const struct httpd *h);
void httpd_run(struct httpd *h);

/* How many clients are connected. */
unsigned httpd_connections(const struct httpd *h);

/* Accept nobody more, send what was answered or deferred, close and free. */
void httpd_close(struct httpd *h);

/* The method, as in "GET"; and the path, its %XX decoded, without a query. */
const char *httpd_method(const struct httpd_request *r);
const char *httpd_path(const struct httpd_request *r);

/* The value of a header, the name in any case; or NULL. */
const char *httpd_header(const struct httpd_request *r, const char *name);

/*
 * A parameter, decoded: of the query, else of a form in the body. It may hold
 * any byte, NUL too. p is NULL when there is none.
 */
struct slice httpd_parameter(const struct httpd_request *r, const char *name);

/*
 * Add a header to the answer, before httpd_reply; a few may be added. Both
 * strings are borrowed until then.
 */
void httpd_set(struct httpd_request *r, const char *name, const char *value);

/*
 * Answer. The body is copied. Every answer forbids the browser to guess its
 * type, to keep it, to show it in a frame, and to load anything for it from
 * elsewhere.
 */
void httpd_reply(struct httpd_request *r, unsigned status, const char *type,
    struct slice body);

/*
 * Answer later, for what takes long: `work` runs in a thread of its own while
 * others are served, then `done` on the caller's loop, which answers; its r is
 * NULL when the client has gone. Returns 0; or -1 when HTTPD_WORKERS are at
 * work, and the request is to be answered now.
 */
int httpd_defer(struct httpd_request *r, void (*work)(void *arg),
    void (*done)(void *arg, struct httpd_request *r), void *arg);

#endif
