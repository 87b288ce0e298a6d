#include "pages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "dirs.h"
#include "endpoint.h"
#include "log.h"
#include "renew.h"
#include "secret.h"
#include "text.h"

enum {
	HTTP_OK = 200,
	HTTP_FOUND = 302,
	HTTP_BAD_REQUEST = 400,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_INTERNAL_SERVER_ERROR = 500,
	HTTP_BAD_GATEWAY = 502,
	HTTP_SERVICE_UNAVAILABLE = 503
};

/* What the pages say at each of the paths, as the earlier systems did. */
struct callback_words {
	const char *no_code, *saved;
	const char *not_asked, *refused, *not_saved;
	unsigned not_asked_status, refused_status;
};

static const struct callback_words callback = {
    .no_code = "Error: No code received",
    .saved = "Authentication successful. Token saved.",
    .not_asked = "Failed to post",
    .not_asked_status = HTTP_BAD_GATEWAY,
    .refused = "Token exchange failed",
    .refused_status = HTTP_BAD_GATEWAY,
    .not_saved = "Failed to write token file",
};

static const char fetch_failed[] =
    "Failed to fetch tokens. Check the server logs for details.";

static const struct callback_words auth_callback = {
    .no_code = "No authorization code provided.",
    .saved = "Authentication successful! You can close this window. "
	     "Tokens have been saved.",
    .not_asked = fetch_failed,
    .not_asked_status = HTTP_INTERNAL_SERVER_ERROR,
    .refused = fetch_failed,
    .refused_status = HTTP_INTERNAL_SERVER_ERROR,
    .not_saved = fetch_failed,
};

/* Nothing that came with a request is ever sent back. */
static void
say(struct httpd_request *r, unsigned status, const char *text)
{
	httpd_reply(r, status, "text/plain; charset=utf-8", slice_of(text));
}

static void
home_page(struct httpd_request *r)
{
	httpd_reply(r, HTTP_OK, "text/html; charset=utf-8",
	    SLICE("<!doctype html>\n<html lang=\"en\">"
		  "<title>twitch-oauth</title>\n<p><a href=\"auth\">"
		  "Click here to authenticate with Twitch</a>\n"));
}

/* Off to Twitch, with a state that is good for one way back. */
static void
auth_page(struct pages *pages, struct httpd_request *r)
{
	char state[STATE_LEN + 1], *url = NULL;

	if (states_new(&pages->states, state) == 0)
		url = endpoint_consent(&pages->client, pages->redirect_uri,
		    pages->scopes, state);
	if (url == NULL) {
		say(r, HTTP_INTERNAL_SERVER_ERROR, "Out of memory");
		return;
	}
	httpd_set(r, "Location", url);
	say(r, HTTP_FOUND, "");
	free(url);
}

/* A code on its way to Twitch, and what became of it. */
struct exchange {
	struct pages *pages;
	const struct callback_words *words;
	char *code;
	enum answer answer;
	enum status status;
};

/* Exchange the code, and keep what it gives. In a thread of its own. */
static void
exchange(void *arg)
{
	struct exchange *x = arg;
	const struct pages *pages = x->pages;
	struct account account = {0};
	struct endpoint e;
	struct token token;
	enum status status = endpoint_open(&e, pages->ca_file);

	x->answer = ANSWER_FAILED;
	if (status == STATUS_OK) {
		x->answer = endpoint_exchange(&e, &pages->client, x->code,
		    pages->redirect_uri, &token);
		status =
		    endpoint_status(&e, x->answer, "the code of", "a login");
	}
	if (status == STATUS_OK)
		status = renew_adopt(&account, pages->name, pages->client.id,
		    &token, pages->ca_file);
	if (status == STATUS_OK)
		log_info("logged in as %s", account.name);
	x->status = status;
	account_free(&account);
	endpoint_close(&e);
}

static void
say_outcome(const struct exchange *x, struct httpd_request *r)
{
	const struct callback_words *words = x->words;

	if (x->status == STATUS_OK)
		say(r, HTTP_OK, words->saved);
	else if (x->answer == ANSWER_FAILED)
		say(r, words->not_asked_status, words->not_asked);
	else if (x->answer == ANSWER_REFUSED)
		say(r, words->refused_status, words->refused);
	else
		say(r, HTTP_INTERNAL_SERVER_ERROR, words->not_saved);
}

static void
on_exchanged(void *arg, struct httpd_request *r)
{
	struct exchange *x = arg;

	if (x->status == STATUS_OK)
		x->pages->logins++;
	else
		x->pages->failures++;
	if (r != NULL)
		say_outcome(x, r);
	secret_free(x->code);
	free(x);
}

static void
start_exchange(struct pages *pages, struct httpd_request *r,
    const struct callback_words *words, const char *code)
{
	struct exchange *x = malloc(sizeof(*x));

	if (x == NULL) {
		say(r, HTTP_INTERNAL_SERVER_ERROR, "Out of memory");
		return;
	}
	*x = (struct exchange){
	    .pages = pages, .words = words, .code = text_copy(code)};
	if (httpd_defer(r, exchange, on_exchanged, x) == 0)
		return;
	secret_free(x->code);
	free(x);
	say(r, HTTP_SERVICE_UNAVAILABLE,
	    "Too many logins at once. Start again at /auth");
}

/* A parameter as a string, NULL when it is missing, empty or holds a NUL. */
static const char *
argument(const struct httpd_request *r, const char *name)
{
	struct slice s = httpd_parameter(r, name);

	return s.len == 0 || strlen(s.p) != s.len ? NULL : s.p;
}

static void
callback_page(struct pages *pages, struct httpd_request *r,
    const struct callback_words *words)
{
	const char *code = argument(r, "code"), *error = argument(r, "error");
	bool begun_here = states_take(&pages->states, argument(r, "state"));

	if (begun_here && code == NULL)
		log_warn("Twitch gave no code: %s",
		    error == NULL ? "no reason said" : error);
	if (code == NULL) {
		say(r, HTTP_BAD_REQUEST, words->no_code);
		return;
	}
	if (!begun_here) {
		log_warn("a callback without a state of ours was refused");
		say(r, HTTP_BAD_REQUEST,
		    "Error: this login was not begun here, or too long ago. "
		    "Start again at /auth");
		return;
	}
	start_exchange(pages, r, words, code);
}

/* Ready when a login could be kept. */
static void
ready_page(struct httpd_request *r)
{
	char path[DIRS_PATH_MAX];

	if (dirs_state(NULL, path) == 0 && access(path, W_OK) == 0)
		say(r, HTTP_OK, "ready");
	else
		say(r, HTTP_SERVICE_UNAVAILABLE, "not ready");
}

void
pages_answer(void *context, struct httpd_request *r)
{
	struct pages *pages = context;
	const char *path = httpd_path(r), *method = httpd_method(r);

	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
		httpd_set(r, "Allow", "GET, HEAD");
		say(r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed");
	} else if (strcmp(path, "/") == 0) {
		home_page(r);
	} else if (strcmp(path, "/auth") == 0) {
		auth_page(pages, r);
	} else if (strcmp(path, "/callback") == 0) {
		callback_page(pages, r, &callback);
	} else if (strcmp(path, "/auth/callback") == 0) {
		callback_page(pages, r, &auth_callback);
	} else if (strcmp(path, "/healthz") == 0) {
		say(r, HTTP_OK, "ok");
	} else if (strcmp(path, "/readyz") == 0) {
		ready_page(r);
	} else {
		say(r, HTTP_NOT_FOUND, "Not found");
	}
}
