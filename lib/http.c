#include "http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stop.h"
#include "version.h"

enum { BODY_START = 64 * 1024 };

struct http {
	CURL *curl;
	char *base;
	char *body;
	size_t len, size; /* of the body, and of its buffer: always larger */
	bool too_long, gives_up, distrusts;
	char error[CURL_ERROR_SIZE];
};

void
http_form_add(struct http_form *form, const char *name, const char *value)
{
	char *escaped, *text;
	size_t need;

	if (value == NULL || form->failed)
		return;
	escaped = curl_easy_escape(NULL, value, 0);
	form->failed = true;
	if (escaped == NULL)
		return;
	need = form->len + strlen(name) + strlen(escaped) + sizeof("&=");
	text = malloc(need);
	if (text != NULL) {
		size_t len = (size_t)snprintf(text, need, "%s%s%s=%s",
		    form->len > 0 ? form->text : "", form->len > 0 ? "&" : "",
		    name, escaped);

		http_form_free(form);
		*form = (struct http_form){.text = text, .len = len};
	}
	explicit_bzero(escaped, strlen(escaped));
	curl_free(escaped);
}

void
http_form_cut(struct http_form *form, size_t len)
{
	if (len < form->len) {
		explicit_bzero(form->text + len, form->len - len);
		form->len = len;
	}
}

void
http_form_free(struct http_form *form)
{
	if (form->text != NULL)
		explicit_bzero(form->text, form->len);
	free(form->text);
	*form = (struct http_form){0};
}

/* True if requests to this URL cannot be overheard. */
static bool
is_private(const char *url)
{
	static const char *const here[] = {"127.0.0.1", "[::1]", "localhost"};
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL;
	bool yes = false;

	if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == 0 &&
	    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == 0 &&
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) == 0) {
		yes = strcasecmp(scheme, "https") == 0;
		for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++)
			if (strcasecmp(scheme, "http") == 0 &&
			    strcasecmp(host, here[i]) == 0)
				yes = true;
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return yes;
}

static size_t
on_body(char *bytes, size_t one, size_t n, void *arg)
{
	struct http *http = arg;

	(void)one;
	http->too_long = http->len + n > HTTP_BODY_MAX;
	if (http->too_long)
		return 0;
	if (n >= http->size - http->len) {
		size_t size = 2 * http->size + n;
		char *body = realloc(http->body, size);

		if (body == NULL)
			return 0;
		http->body = body;
		http->size = size;
	}
	memcpy(http->body + http->len, bytes, n);
	http->len += n;
	return n;
}

/* libcurl asks at least once a second whether to go on. */
static int
on_progress(void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
    curl_off_t ulnow)
{
	const struct http *http = arg;

	(void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
	return http->gives_up && stop_requested();
}

static void
set_up(struct http *http, const char *ca_file)
{
	CURL *c = http->curl;

	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)HTTP_SECONDS);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "twitch-ingest/" VERSION);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, http);
	if (ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
}

struct http *
http_open(const char *base, const char *ca_file)
{
	if (is_private(base))
		return http_open_plain(base, ca_file);
	errno = EINVAL;
	return NULL;
}

struct http *
http_open_plain(const char *base, const char *ca_file)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->base = strdup(base);
	http->body = malloc(BODY_START);
	http->size = BODY_START;
	http->curl = curl_easy_init();
	if (http->base == NULL || http->body == NULL || http->curl == NULL) {
		http_close(http);
		errno = ENOMEM;
		return NULL;
	}
	set_up(http, ca_file);
	return http;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	if (http->body != NULL)
		explicit_bzero(http->body, http->size);
	free(http->body);
	free(http->base);
	free(http);
}

static int
perform(struct http *http, struct http_answer *answer)
{
	const char *why = NULL;
	CURLcode code;

	http->len = 0;
	http->too_long = false;
	http->distrusts = false;
	*http->error = '\0';
	code = curl_easy_perform(http->curl);
	if (code == CURLE_OK) {
		http->body[http->len] = '\0';
		answer->body = http->body;
		answer->len = http->len;
		curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE,
		    &answer->status);
		return 0;
	}
	http->distrusts = code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE;
	if (http->too_long)
		why = "the answer is too long";
	else if (code == CURLE_ABORTED_BY_CALLBACK)
		why = "stopped";
	else if (*http->error == '\0')
		why = curl_easy_strerror(code);
	if (why != NULL)
		snprintf(http->error, sizeof(http->error), "%s", why);
	return -1;
}

/* base + path ? query, the caller frees; or NULL. */
static char *
address(const struct http *http, const char *path,
    const struct http_form *query)
{
	bool some = query != NULL && query->len > 0;
	size_t size =
	    strlen(http->base) + strlen(path) + 2 + (some ? query->len : 0);
	char *url;

	if (query != NULL && query->failed)
		return NULL;
	url = malloc(size);
	if (url != NULL)
		snprintf(url, size, "%s%s%s%s", http->base, path,
		    some ? "?" : "", some ? query->text : "");
	return url;
}

static int
out_of_memory(struct http *http)
{
	snprintf(http->error, sizeof(http->error), "out of memory");
	return -1;
}

/* Set the URL and the headers of a request. Returns 0, or -1. */
static int
address_request(struct http *http, const char *path,
    const struct http_form *query, const char *const headers[],
    struct curl_slist **list)
{
	struct curl_slist *longer;
	char *url = address(http, path, query);
	bool failed = url == NULL;

	*list = NULL;
	for (; !failed && headers != NULL && *headers != NULL; headers++) {
		longer = curl_slist_append(*list, *headers);
		failed = longer == NULL;
		*list = failed ? *list : longer;
	}
	if (!failed) {
		curl_easy_setopt(http->curl, CURLOPT_URL, url);
		curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, *list);
	}
	free(url);
	return failed ? out_of_memory(http) : 0;
}

static void
end_request(struct http *http, struct curl_slist *list)
{
	curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(list);
}

int
http_get(struct http *http, const char *path, const struct http_form *query,
    const char *const headers[], struct http_answer *answer)
{
	struct curl_slist *list;
	int n = address_request(http, path, query, headers, &list);

	if (n == 0) {
		http->gives_up = true;
		curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L);
		n = perform(http, answer);
	}
	end_request(http, list);
	return n;
}

int
http_send(struct http *http, const char *path, const struct http_form *query,
    const char *const headers[], struct slice bytes, struct http_answer *answer)
{
	struct curl_slist *list;
	int n = address_request(http, path, query, headers, &list);

	if (n == 0) {
		http->gives_up = false;
		curl_easy_setopt(http->curl, CURLOPT_TIMEOUT,
		    (long)HTTP_SEND_SECONDS);
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)bytes.len);
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, bytes.p);
		n = perform(http, answer);
		curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, "");
		curl_easy_setopt(http->curl, CURLOPT_TIMEOUT,
		    (long)HTTP_SECONDS);
	}
	end_request(http, list);
	return n;
}

int
http_post(struct http *http, const char *path, const struct http_form *form,
    struct http_answer *answer)
{
	char *url = address(http, path, NULL);
	int n;

	if (url == NULL || form->failed) {
		free(url);
		return out_of_memory(http);
	}
	http->gives_up = false;
	curl_easy_setopt(http->curl, CURLOPT_URL, url);
	curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE, (long)form->len);
	curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS,
	    form->len > 0 ? form->text : "");
	n = perform(http, answer);
	curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, "");
	free(url);
	return n;
}

const char *
http_header(struct http *http, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(http->curl, name, 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return NULL;
	return header->value;
}

const char *
http_error(const struct http *http)
{
	return http->error;
}

bool
http_distrusts(const struct http *http)
{
	return http->distrusts;
}
