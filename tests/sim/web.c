#include "web.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen.h"
#include "log.h"
#include "status.h"

enum { HELD_MAX = 64, POST_BUFFER = 1024 };

/* A request on its way: MHD gives the body piece by piece. */
struct exchange {
	struct web_request request;
	struct MHD_PostProcessor *form;
	bool was_held;
};

struct web {
	struct MHD_Daemon *daemon;
	unsigned port;
	void (*handle)(void *arg, struct web_request *r);
	void *arg;

	char hold_path[64];
	struct MHD_Connection *held[HELD_MAX];
	unsigned held_count;

	char fail_path[64], fail_location[256];
	unsigned fail_status, fail_times;
	size_t fail_bytes;
};

const char *
web_param(const struct web_request *r, const char *name, unsigned nth)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->params[i].name, name) == 0 && nth-- == 0)
			return r->params[i].value;
	return NULL;
}

const char *
web_header(const struct web_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND,
	    name);
}

void
web_text(struct web_request *r, unsigned status, const char *text)
{
	free(r->body);
	r->body = strdup(text);
	r->status = status;
	if (r->body == NULL)
		die(STATUS_FAILED, "out of memory");
}

void
web_json(struct web_request *r, unsigned status, cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);

	cJSON_Delete(json);
	if (text == NULL)
		die(STATUS_FAILED, "out of memory");
	web_text(r, status, text);
	free(text);
	web_add(r, "Content-Type", "application/json");
}

void
web_redirect(struct web_request *r, const char *location)
{
	web_text(r, MHD_HTTP_FOUND, "");
	web_add(r, "Location", location);
}

void
web_add(struct web_request *r, const char *name, const char *value)
{
	if (r->header_count == WEB_HEADERS)
		die(STATUS_FAILED, "too many headers");
	r->headers[r->header_count].name = name;
	snprintf(r->headers[r->header_count++].value, WEB_VALUE_MAX, "%s",
	    value);
}

/* Add `len` bytes of a value at `off`: it may come in pieces. */
static void
add_param(struct web_request *r, const char *name, const char *value,
    size_t off, size_t len, bool in_url)
{
	struct web_param *p;

	if (off == 0 && r->count < WEB_PARAMS)
		r->count++;
	if (r->count == 0 || off + len >= WEB_VALUE_MAX)
		return;
	p = &r->params[r->count - 1];
	snprintf(p->name, sizeof(p->name), "%s", name);
	memcpy(p->value + off, value, len);
	p->value[off + len] = '\0';
	p->in_url = in_url;
}

static enum MHD_Result
on_query(void *arg, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	(void)kind;
	if (value != NULL)
		add_param(arg, name, value, 0, strlen(value), true);
	return MHD_YES;
}

static enum MHD_Result
on_field(void *arg, enum MHD_ValueKind kind, const char *name, const char *file,
    const char *type, const char *encoding, const char *value, uint64_t off,
    size_t len)
{
	(void)kind, (void)file, (void)type, (void)encoding;
	add_param(arg, name, value, (size_t)off, len, false);
	return MHD_YES;
}

static struct exchange *
begin(struct MHD_Connection *c, const char *path, bool is_post)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (x == NULL)
		die(STATUS_FAILED, "out of memory");
	x->request.path = path;
	x->request.is_post = is_post;
	x->request.connection = c;
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, on_query,
	    &x->request);
	if (is_post) /* NULL when the body is no form; it is then passed over */
		x->form = MHD_create_post_processor(c, POST_BUFFER, on_field,
		    &x->request);
	return x;
}

static void
release(struct web *web)
{
	*web->hold_path = '\0';
	for (unsigned i = 0; i < web->held_count; i++)
		MHD_resume_connection(web->held[i]);
	web->held_count = 0;
}

static long
number(const struct web_request *r, const char *name, long usual)
{
	const char *text = web_param(r, name, 0);

	return text == NULL ? usual : atol(text);
}

static void
plan_failure(struct web *web, const struct web_request *r, const char *path)
{
	const char *to = web_param(r, "location", 0);

	snprintf(web->fail_path, sizeof(web->fail_path), "%s", path);
	snprintf(web->fail_location, sizeof(web->fail_location), "%s",
	    to == NULL ? "" : to);
	web->fail_status = (unsigned)number(r, "status", 500);
	web->fail_times = (unsigned)number(r, "times", 1);
	web->fail_bytes = (size_t)number(r, "bytes", 20);
}

/* The commands that are about requests as such. True if it was one. */
static bool
obey(struct web *web, struct web_request *r)
{
	const char *path = web_param(r, "path", 0);

	if (strcmp(r->path, "/sim/hold") == 0 && path != NULL)
		snprintf(web->hold_path, sizeof(web->hold_path), "%s", path);
	else if (strcmp(r->path, "/sim/release") == 0)
		release(web);
	else if (strcmp(r->path, "/sim/fail") == 0 && path != NULL)
		plan_failure(web, r, path);
	else
		return false;
	web_text(r, MHD_HTTP_OK, "");
	return true;
}

/* What a proxy or a server in trouble says: no JSON of Twitch's. */
static bool
fail(struct web *web, struct web_request *r)
{
	if (web->fail_times == 0 || strcmp(r->path, web->fail_path) != 0)
		return false;
	web->fail_times--;
	r->status = web->fail_status;
	r->body = malloc(web->fail_bytes + 1);
	if (r->body == NULL)
		die(STATUS_FAILED, "out of memory");
	memset(r->body, '<', web->fail_bytes);
	r->body[web->fail_bytes] = '\0';
	if (*web->fail_location != '\0')
		web_add(r, "Location", web->fail_location);
	return true;
}

/* Find the answer, whether or not it is then held back. */
static void
answer(struct web *web, struct web_request *r)
{
	if (r->status != 0 || obey(web, r) || fail(web, r))
		return;
	web->handle(web->arg, r);
	if (r->status == 0)
		web_text(r, MHD_HTTP_NOT_FOUND, "not found");
}

static bool
holds(struct web *web, struct exchange *x)
{
	if (x->was_held || strcmp(x->request.path, web->hold_path) != 0 ||
	    web->held_count == HELD_MAX)
		return false;
	x->was_held = true;
	web->held[web->held_count++] = x->request.connection;
	MHD_suspend_connection(x->request.connection);
	return true;
}

static enum MHD_Result
send_answer(const struct web_request *r)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(strlen(r->body), r->body,
		MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result;

	for (unsigned i = 0; i < r->header_count; i++)
		MHD_add_response_header(response, r->headers[i].name,
		    r->headers[i].value);
	result = MHD_queue_response(r->connection, r->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *c, const char *path,
    const char *method, const char *version, const char *body, size_t *len,
    void **state)
{
	struct web *web = arg;
	struct exchange *x = *state;

	(void)version;
	if (x == NULL) {
		*state = begin(c, path, strcmp(method, "POST") == 0);
		return MHD_YES;
	}
	if (*len > 0) {
		if (x->form != NULL)
			MHD_post_process(x->form, body, *len);
		*len = 0;
		return MHD_YES;
	}
	answer(web, &x->request);
	return holds(web, x) ? MHD_YES : send_answer(&x->request);
}

static void
on_completed(void *arg, struct MHD_Connection *c, void **state,
    enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *state;

	(void)arg, (void)c, (void)how;
	if (x == NULL)
		return;
	if (x->form != NULL)
		MHD_destroy_post_processor(x->form);
	free(x->request.body);
	free(x);
	*state = NULL;
}

struct web *
web_open(void (*handle)(void *arg, struct web_request *r), void *arg)
{
	struct web *web = calloc(1, sizeof(*web));
	int listener = listen_open("0");

	if (listener == -1)
		die(STATUS_FAILED, "cannot listen: %s", strerror(errno));
	if (web == NULL)
		die(STATUS_FAILED, "out of memory");
	web->handle = handle;
	web->arg = arg;
	web->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
	    0, NULL, NULL, on_request, web, MHD_OPTION_LISTEN_SOCKET, listener,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, web, MHD_OPTION_END);
	if (web->daemon == NULL)
		die(STATUS_FAILED, "cannot start the HTTP server");
	web->port = (unsigned)listen_port(listener);
	return web;
}

void
web_close(struct web *web)
{
	release(web);
	MHD_stop_daemon(web->daemon);
	free(web);
}

unsigned
web_port(const struct web *web)
{
	return web->port;
}

int
web_fd(const struct web *web)
{
	return MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD)
	    ->epoll_fd;
}

void
web_run(struct web *web)
{
	MHD_run(web->daemon);
}

unsigned
web_held(const struct web *web)
{
	return web->held_count;
}
