#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "slice.h"

/*
 * An HTTP client for requests that carry secrets: one request, one bounded
 * answer, a time limit on each. It speaks https://, and http:// to this
 * machine only; it follows no redirect.
 */
enum {
	HTTP_CONNECT_SECONDS = 10,
	HTTP_SECONDS = 15,      /* for a request and its answer */
	HTTP_SEND_SECONDS = 60, /* the same for http_send */
	HTTP_BODY_MAX = 4 << 20 /* bytes of an answer's body */
};

struct http;

struct http_answer {
	long status; /* HTTP's */
	char *body;  /* NUL-terminated, borrowed until the next request */
	size_t len;
};

/* Names and values, percent-encoded: a query string or the body of a form. */
struct http_form {
	char *text; /* NULL while it is empty */
	size_t len;
	bool failed; /* out of memory: the request will say so */
};

/* Add a pair. A NULL value adds nothing. */
void http_form_add(struct http_form *form, const char *name, const char *value);

/* Take back what was added since the form was len bytes long. */
void http_form_cut(struct http_form *form, size_t len);

/* Wipe and free. */
void http_form_free(struct http_form *form);

/*
 * A client for the URLs below base, such as https://api.twitch.tv/helix.
 * ca_file replaces the system's certificates, unless it is NULL. Returns
 * NULL with errno set: EINVAL when base is no URL that may be used.
 */
struct http *http_open(const char *base, const char *ca_file);

/*
 * The same, and http:// to other machines too, for a network where nobody
 * listens.
 */
struct http *http_open_plain(const char *base, const char *ca_file);
void http_close(struct http *http);

/*
 * Ask for base + path ? query. headers are whole lines, the last is NULL;
 * query and headers may be NULL. Returns 0 with *answer set, whatever its
 * status; or -1 when there is no answer, and http_error says why. Given up
 * when a stop is requested (lib/stop.h).
 */
int http_get(struct http *http, const char *path, const struct http_form *query,
    const char *const headers[], struct http_answer *answer);

/*
 * Post a form to base + path. Returns as http_get does. A stop does not end
 * it: what was asked for may be done already, and its answer counts.
 */
int http_post(struct http *http, const char *path, const struct http_form *form,
    struct http_answer *answer);

/*
 * Post bytes as they are to base + path ? query, with these headers; as
 * http_get and http_post do.
 */
int http_send(struct http *http, const char *path,
    const struct http_form *query, const char *const headers[],
    struct slice bytes, struct http_answer *answer);

/*
 * A header of the last answer, the name in any case: its value, borrowed
 * until the next request, or NULL.
 */
const char *http_header(struct http *http, const char *name);

/* Why the last request had no answer. Borrowed until the next. */
const char *http_error(const struct http *http);

/*
 * True if that was a certificate: the server's, which cannot be trusted, or
 * ca_file, which cannot be used.
 */
bool http_distrusts(const struct http *http);

#endif
