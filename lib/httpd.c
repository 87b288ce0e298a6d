#include "httpd_request.h"

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
	IDLE_MS = 60000   /* while there are none */
};

struct httpd {
	struct MHD_Daemon *mhd;
	int epoll;
	void (*handle)(void *, struct httpd_request *);
	void *context;
	struct httpd_connection connections[HTTPD_CONNECTIONS];
	unsigned n;
	unsigned workers; /* requests that were deferred */
	int64_t sweep;    /* clock_mono() of the next */
};

static struct httpd_connection *
connection_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	    ->socket_context;
}

static void
set_deadline(struct httpd_connection *c, int seconds)
{
	c->deadline = clock_mono() + seconds * 1000;
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

	set_deadline(r->connection, HTTPD_READ_SECONDS);
	if (httpd_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
		refuse(r, MHD_HTTP_LENGTH_REQUIRED,
		    SLICE("Send the length of the body\n"));
	else if (length != NULL && strtoull(length, NULL, 10) > HTTPD_BODY_MAX)
		refuse(r, MHD_HTTP_CONTENT_TOO_LARGE,
		    SLICE("The body is too large\n"));
	else
		return MHD_YES;
	return r->queued ? MHD_YES : MHD_NO;
}

/* --- requests that are answered later */

static void *
run_work(void *arg)
{
	struct httpd_request *r = arg;

	r->work(r->arg);
	MHD_resume_connection(r->mhd);
	return NULL;
}

int
httpd_defer(struct httpd_request *r, void (*work)(void *arg),
    void (*done)(void *arg, struct httpd_request *r), void *arg)
{
	if (r->server->workers == HTTPD_WORKERS)
		return -1;
	r->server->workers++;
	r->work = work;
	r->done = done;
	r->arg = arg;
	r->connection->answering = true;
	set_deadline(r->connection, HTTPD_WORK_SECONDS);
	MHD_suspend_connection(r->mhd);
	r->has_thread = pthread_create(&r->thread, NULL, run_work, r) == 0;
	if (!r->has_thread)
		run_work(r);
	return 0;
}

/* The work is done; the client may have gone. */
static void
finish(struct httpd_request *r, bool is_there)
{
	void (*done)(void *, struct httpd_request *) = r->done;

	if (r->has_thread)
		pthread_join(r->thread, NULL);
	r->done = NULL;
	r->server->workers--;
	done(r->arg, is_there ? r : NULL);
}

/* --- what the library tells of */

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
		r->server = h;
		r->mhd = mhd;
		r->connection = connection_of(mhd);
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
	if (r->done != NULL) {
		finish(r, true);
	} else {
		httpd_request_split(r);
		h->handle(h->context, r);
	}
	return r->queued || r->done != NULL ? MHD_YES : MHD_NO;
}

/* The first line of a request: who was idle until now is so no more. */
static void *
on_line(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	struct httpd_connection *c = connection_of(mhd);
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
	struct httpd_connection *c = connection_of(mhd);
	struct httpd_request *r = *state;

	(void)cls, (void)why;
	if (r != NULL && r->done != NULL)
		finish(r, false);
	free(r);
	*state = NULL;
	c->answering = false;
	set_deadline(c, HTTPD_IDLE_SECONDS);
}

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct httpd *h = cls;
	struct httpd_connection *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		c->mhd = NULL;
		h->n--;
		return;
	}
	/* The library keeps to the most: one is free. */
	for (c = h->connections; c->mhd != NULL; c++)
		;
	*c = (struct httpd_connection){.mhd = mhd};
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
		const struct httpd_connection *c = &h->connections[i];

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
	h->mhd = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, socket,
	    MHD_OPTION_CONNECTION_LIMIT, connections_max(),
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTPD_HEAD_MAX,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP,
	    1, MHD_OPTION_URI_LOG_CALLBACK, on_line, h,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
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
