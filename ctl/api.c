#include "api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "dirs.h"
#include "exposition.h"
#include "fifo.h"
#include "log.h"
#include "overview.h"
#include "page.h"

#define TEXT "text/plain; charset=utf-8"
#define JSON "application/json"
#define PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

enum {
	HTTP_OK = 200,
	HTTP_BAD_REQUEST = 400,
	HTTP_UNAUTHORIZED = 401,
	HTTP_FORBIDDEN = 403,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_INTERNAL_SERVER_ERROR = 500,
	HTTP_SERVICE_UNAVAILABLE = 503
};

/* Who may: anybody; who bears the token; and that from our own page alone. */
enum access { OPEN, READ, WRITE };

enum { FIND_MAX = CHANNEL_MAX, COMMAND_MAX = 64, REPLY_MAX = 128 };

static void
reply(struct api *api, struct httpd_request *r, unsigned status,
    const char *type, struct slice body)
{
	api->answers[status / 100]++;
	log_debug("%s %s: %u", httpd_method(r), httpd_path(r), status);
	httpd_reply(r, status, type, body);
}

static void
say(struct api *api, struct httpd_request *r, unsigned status, const char *text)
{
	reply(api, r, status, TEXT, slice_of(text));
}

/* A body that was allocated for the request, or NULL. */
static void
give(struct api *api, struct httpd_request *r, const char *type, char *body,
    size_t len)
{
	if (body == NULL)
		say(api, r, HTTP_INTERNAL_SERVER_ERROR, "Out of memory\n");
	else
		reply(api, r, HTTP_OK, type, (struct slice){body, len});
	free(body);
}

/* The parameter without the blanks that a thumb types around it. */
static struct slice
parameter(const struct httpd_request *r, const char *name)
{
	struct slice s = httpd_parameter(r, name);

	while (s.len > 0 && s.p[0] == ' ') {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && s.p[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* --- the paths */

static void
command(struct api *api, struct httpd_request *r, const char *verb)
{
	struct slice typed = parameter(r, "channel");
	char name[CHANNEL_MAX + 1], path[DIRS_PATH_MAX];
	char line[COMMAND_MAX], text[REPLY_MAX];

	if (typed.len == 0) {
		say(api, r, HTTP_BAD_REQUEST, "Missing channel parameter\n");
		return;
	}
	if (channel_name(typed, name) == -1) {
		say(api, r, HTTP_BAD_REQUEST,
		    "Not a channel name: it has 1 to 25 letters, digits and "
		    "_\n");
		return;
	}
	snprintf(line, sizeof(line), "%s %s\n", verb, name);
	snprintf(text, sizeof(text), "Queued %s for channel: %s", verb, name);
	if (dirs_run("ctl", path) == 0 && fifo_offer(path, slice_of(line)) == 0)
		say(api, r, HTTP_OK, text);
	else if (errno == EAGAIN)
		say(api, r, HTTP_SERVICE_UNAVAILABLE,
		    "The reader is busy: try again\n");
	else
		say(api, r, HTTP_SERVICE_UNAVAILABLE, "No reader is running\n");
}

static void
join(struct api *api, struct httpd_request *r)
{
	command(api, r, "join");
}

static void
part(struct api *api, struct httpd_request *r)
{
	command(api, r, "part");
}

static void
channels(struct api *api, struct httpd_request *r)
{
	char *json;

	view_tick(&api->view);
	if (api->view.saved.inode != 0 && !api->view.saved.readable) {
		say(api, r, HTTP_INTERNAL_SERVER_ERROR,
		    "channels.json cannot be read\n");
		return;
	}
	json = overview_saved(&api->view);
	give(api, r, JSON, json, json == NULL ? 0 : strlen(json));
}

static void
healthz(struct api *api, struct httpd_request *r)
{
	say(api, r, HTTP_OK, "ok");
}

static void
readyz(struct api *api, struct httpd_request *r)
{
	char *faults, *text;

	view_refresh(&api->view);
	faults = view_faults(&api->view, api->reader_only);
	if (faults == NULL || asprintf(&text, "not ready\n%s", faults) == -1)
		text = NULL;
	if (faults != NULL && *faults == '\0')
		say(api, r, HTTP_OK, "ready");
	else
		say(api, r, HTTP_SERVICE_UNAVAILABLE,
		    text == NULL ? "not ready\n" : text);
	free(faults);
	free(text);
}

static void
metrics(struct api *api, struct httpd_request *r)
{
	char *text;
	size_t len = 0;

	view_tick(&api->view);
	text = exposition(&api->view.metrics, &len);
	give(api, r, PROMETHEUS, text, len);
}

static void
status(struct api *api, struct httpd_request *r)
{
	struct slice typed = parameter(r, "find");
	char find[FIND_MAX + 1], *faults, *json = NULL;
	size_t len = typed.len < FIND_MAX ? typed.len : FIND_MAX;

	memcpy(find, len == 0 ? "" : typed.p, len);
	find[len] = '\0';
	view_refresh(&api->view);
	faults = view_faults(&api->view, api->reader_only);
	if (faults != NULL)
		json = overview(&api->view, &api->history, faults, find);
	free(faults);
	give(api, r, JSON, json, json == NULL ? 0 : strlen(json));
}

static void
page(struct api *api, struct httpd_request *r)
{
	const char *type;
	struct slice body = page_find(httpd_path(r), &type);

	reply(api, r, HTTP_OK, type, body);
}

/* --- which of them, and whether */

static const struct route {
	const char *path;
	void (*answer)(struct api *, struct httpd_request *);
	enum access access;
} routes[] = {
    {"/", page, OPEN},
    {"/style.css", page, OPEN},
    {"/script.js", page, OPEN},
    {"/healthz", healthz, OPEN},
    {"/readyz", readyz, OPEN},
    {"/channels", channels, READ},
    {"/metrics", metrics, READ},
    {"/status.json", status, READ},
    {"/join", join, WRITE},
    {"/part", part, WRITE},
};

static const struct route *
find_route(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return NULL;
}

void
api_answer(void *context, struct httpd_request *r)
{
	struct api *api = context;
	const struct route *route = find_route(httpd_path(r));
	bool write = route != NULL && route->access == WRITE;
	const char *method = httpd_method(r), *host = httpd_header(r, "Host");

	if (api->guard.token == NULL && !guard_host(host)) {
		say(api, r, HTTP_FORBIDDEN,
		    "Use an address or localhost, not another name\n");
	} else if (route == NULL) {
		say(api, r, HTTP_NOT_FOUND, "404 page not found\n");
	} else if (strcmp(method, "GET") != 0 &&
	    strcmp(method, write ? "POST" : "HEAD") != 0) {
		httpd_set(r, "Allow", write ? "GET, POST" : "GET, HEAD");
		say(api, r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed\n");
	} else if (route->access != OPEN && !guard_token(&api->guard, r)) {
		httpd_set(r, "WWW-Authenticate", "Bearer");
		say(api, r, HTTP_UNAUTHORIZED, "A bearer token is required\n");
	} else if (write && !guard_origin(r)) {
		say(api, r, HTTP_FORBIDDEN, "Not from another page\n");
	} else {
		route->answer(api, r);
	}
}

void
api_tick(struct api *api)
{
	view_tick(&api->view);
	history_sample(&api->history, &api->view.metrics);
}

void
api_close(struct api *api)
{
	guard_close(&api->guard);
	view_free(&api->view);
}
