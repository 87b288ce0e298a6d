#include "httpd.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum {
	OTHER_FILES = 64, /* descriptors that are no connection's */
	SWEEP_MS = 500,   /* between two looks for clients who are late */
	IDLE_MS = 60000,  /* while there are none */
	FIELDS_MAX = 8,   /* of a form; more are not looked at */
	SET_MAX = 4       /* headers by httpd_set */
};

struct connection {
	struct MHD_Connection *mhd; /* NULL: there is none */
	int64_t deadline;           /* clock_mono() */
	bool answering;
};

struct httpd {
	struct MHD_Daemon *mhd;
	int epoll;
	void (*handle)(void *, struct httpd_request *);
	void *context;
	struct connection connections[HTTPD_CONNECTIONS];
	unsigned n;
	int64_t sweep; /* clock_mono() of the next */
};

struct field {
	const char *name;
	struct slice value;
};

struct header {
	const char *name, *value;
};

struct httpd_request {
	struct MHD_Connection *mhd;
	const char *method, *path;
	char body[HTTPD_BODY_MAX + 1];
	size_t len;
	struct field fields[FIELDS_MAX];
	size_t n_fields;
	struct header set[SET_MAX];
	size_t n_set;
	enum MHD_Result queued; /* MHD_NO until it was answered */
};

static const struct header always[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; "
	"img-src data:; connect-src 'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

static struct connection *
connection_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	    ->socket_context;
}

static void
set_deadline(struct connection *c, int seconds)
{
	c->deadline = clock_mono() + seconds * 1000;
}

/* The fields of a form in the body (application/x-www-form-urlencoded). */
static void
split_form(struct httpd_request *r)
{
	char *rest = r->body, *name;

	if (strlen(r->body) != r->len)
		return;
	while (r->n_fields < FIELDS_MAX &&
	    (name = strsep(&rest, "&")) != NULL) {
		char *value = strchr(name, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		for (char *p = value; (p = strchr(p, '+')) != NULL; p++)
			*p = ' ';
		r->fields[r->n_fields++] =
		    (struct field){name, {value, MHD_http_unescape(value)}};
	}
}

/* --- requests */

const char *
httpd_method(const struct httpd_request *r)
{
	return r->method;
}

const char *
httpd_path(const struct httpd_request *r)
{
	return r->path;
}

const char *
httpd_header(const struct httpd_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name);
}

struct slice
httpd_parameter(const struct httpd_request *r, const char *name)
{
	struct slice v = {NULL, 0};

	if (MHD_lookup_connection_value_n(r->mhd, MHD_GET_ARGUMENT_KIND, name,
		strlen(name), &v.p, &v.len) == MHD_YES &&
	    v.p != NULL)
		return v;
	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp(r->fields[i].name, name) == 0)
			return r->fields[i].value;
	return (struct slice){NULL, 0};
}

void
httpd_set(struct httpd_request *r, const char *name, const char *value)
{
	if (r->n_set < SET_MAX)
		r->set[r->n_set++] = (struct header){name, value};
}

void
httpd_reply(struct httpd_request *r, unsigned status, const char *type,
    struct slice body)
{
	/* The library only reads a body that it must copy. */
	struct MHD_Response *reply = MHD_create_response_from_buffer(body.len,
	    (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
	struct connection *c = connection_of(r->mhd);

	if (reply == NULL)
		return;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		MHD_add_response_header(reply, always[i].name, always[i].value);
	for (size_t i = 0; i < r->n_set; i++)
		MHD_add_response_header(reply, r->set[i].name, r->set[i].value);
	MHD_add_response_header(reply, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	r->queued = MHD_queue_response(r->mhd, status, reply);
	MHD_destroy_response(reply);
	c->answering = true;
	set_deadline(c, HTTPD_WRITE_SECONDS);
}

static void
refuse(struct httpd_request *r, unsigned status, struct slice why)
{
	httpd_set(r, MHD_HTTP_HEADER_CONNECTION, "close");
	httpd_reply(r, status, "text/plain; charset=utf-8", why);
}

/* The head of a request is here. */
static enum MHD_Result
begin(struct httpd_request *r)
{
	const char *length = httpd_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);

	set_deadline(connection_of(r->mhd), HTTPD_READ_SECONDS);
	if (httpd_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
		refuse(r, MHD_HTTP_LENGTH_REQUIRED,
		    SLICE("Send the length of the body\n"));
	else if (length != NULL && strtoull(length, NULL, 10) > HTTPD_BODY_MAX)
		refuse(r, MHD_HTTP_CONTENT_TOO_LARGE,
		    SLICE("The body is too large\n"));
	else
		return MHD_YES;
	return r->queued;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **state)
{
	struct httpd *h = cls;
	struct httpd_request *r = *state;

	(void)version;
	if (r == NULL) {
		*state = r = calloc(1, sizeof(*r));
		if (r == NULL)
			return MHD_NO;
		r->mhd = mhd;
		r->method = method;
		r->path = url;
		return begin(r);
	}
	if (*upload_len > 0) {
		if (*upload_len > HTTPD_BODY_MAX - r->len)
			return MHD_NO;
		memcpy(r->body + r->len, upload, *upload_len);
		r->len += *upload_len;
		*upload_len = 0;
		return MHD_YES;
	}
	split_form(r);
	h->handle(h->context, r);
	return r->queued;
}

/* The first line of a request: who was idle until now is so no more. */
static void *
on_line(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	struct connection *c = connection_of(mhd);
	int64_t before = c->deadline;

	(void)cls, (void)uri;
	set_deadline(c, HTTPD_HEAD_SECONDS);
	if (before < c->deadline)
		c->deadline = before;
	return NULL;
}

static void
on_completed(void *cls, struct MHD_Connection *mhd, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct connection *c = connection_of(mhd);

	(void)cls, (void)why;
	free(*state);
	*state = NULL;
	c->answering = false;
	set_deadline(c, HTTPD_IDLE_SECONDS);
}

/* --- connections */

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct httpd *h = cls;
	struct connection *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		c->mhd = NULL;
		h->n--;
		return;
	}
	/* The library keeps to the most: one is free. */
	for (c = h->connections; c->mhd != NULL; c++)
		;
	*c = (struct connection){.mhd = mhd};
	set_deadline(c, HTTPD_HEAD_SECONDS);
	*context = c;
	h->n++;
}

/* Hang up on those who are late; the library sees their end and closes. */
static void
sweep(struct httpd *h)
{
	int64_t now = clock_mono();

	if (now < h->sweep)
		return;
	h->sweep = now + SWEEP_MS;
	for (int i = 0; i < HTTPD_CONNECTIONS; i++) {
		const struct connection *c = &h->connections[i];

		if (c->mhd != NULL && now >= c->deadline)
			shutdown(MHD_get_connection_info(c->mhd,
				     MHD_CONNECTION_INFO_CONNECTION_FD)
				     ->connect_fd,
			    SHUT_RDWR);
	}
}

/* As many connections as the limit on descriptors, raised, lets us have. */
static unsigned
connections_max(void)
{
	struct rlimit files;
	rlim_t want = HTTPD_CONNECTIONS + OTHER_FILES;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1)
		return 1;
	if (files.rlim_cur < want) {
		files.rlim_cur = want < files.rlim_max ? want : files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur >= want)
		return HTTPD_CONNECTIONS;
	return files.rlim_cur > OTHER_FILES ?
	    (unsigned)files.rlim_cur - OTHER_FILES :
	    1;
}

struct httpd *
httpd_open(int socket, void (*handle)(void *, struct httpd_request *),
    void *context)
{
	struct httpd *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->handle = handle;
	h->context = context;
	errno = 0;
	h->mhd = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, h,
	    MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT,
	    connections_max(), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HTTPD_HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK,
	    on_line, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
	if (h->mhd != NULL) {
		h->epoll = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_EPOLL_FD)
			       ->epoll_fd;
		return h;
	}
	free(h);
	if (errno == 0)
		errno = ENOMEM;
	return NULL;
}

int
httpd_fd(const struct httpd *h)
{
	return h->epoll;
}

int
httpd_wait(const struct httpd *h)
{
	int most = h->n > 0 ? SWEEP_MS : IDLE_MS;
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(h->mhd, &ms) == MHD_YES &&
	    ms < (unsigned long long)most)
		return (int)ms;
	return most;
}

void
httpd_run(struct httpd *h)
{
	MHD_run(h->mhd);
	sweep(h);
}

unsigned
httpd_connections(const struct httpd *h)
{
	return h->n;
}

static bool
is_answering(const struct httpd *h)
{
	for (int i = 0; i < HTTPD_CONNECTIONS; i++)
		if (h->connections[i].mhd != NULL &&
		    h->connections[i].answering)
			return true;
	return false;
}

void
httpd_close(struct httpd *h)
{
	struct pollfd epoll = {.fd = h->epoll, .events = POLLIN};

	close(MHD_quiesce_daemon(h->mhd));
	for (; is_answering(h); httpd_run(h))
		poll(&epoll, 1, httpd_wait(h));
	MHD_stop_daemon(h->mhd);
	free(h);
}
