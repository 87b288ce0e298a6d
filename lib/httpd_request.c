#include "httpd_request.h"

#include <microhttpd.h>
#include <string.h>

#include "clock.h"

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

void
httpd_request_split(struct httpd_request *r)
{
	char *rest = r->body, *name;

	if (strlen(r->body) != r->len)
		return;
	while (r->n_fields < HTTPD_FIELDS &&
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
	if (r->n_set < HTTPD_SET)
		r->set[r->n_set++] = (struct header){name, value};
}

void
httpd_reply(struct httpd_request *r, unsigned status, const char *type,
    struct slice body)
{
	/* The library only reads a body that it must copy. */
	struct MHD_Response *reply = MHD_create_response_from_buffer(body.len,
	    (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);

	if (reply == NULL)
		return;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		MHD_add_response_header(reply, always[i].name, always[i].value);
	for (size_t i = 0; i < r->n_set; i++)
		MHD_add_response_header(reply, r->set[i].name, r->set[i].value);
	MHD_add_response_header(reply, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	r->queued = MHD_queue_response(r->mhd, status, reply) == MHD_YES;
	MHD_destroy_response(reply);
	r->connection->answering = true;
	r->connection->deadline = clock_mono() + HTTPD_WRITE_SECONDS * 1000;
}
