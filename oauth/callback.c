/*
 * The pages of the authorization-code flow. Each connection has a thread;
 * what they share is the table of states, under its lock, and settings that
 * do not change.
 */
#include "callback.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "client.h"
#include "dirs.h"
#include "endpoint.h"
#include "file.h"
#include "listen.h"
#include "log.h"
#include "renew.h"
#include "state.h"
#include "stop.h"

enum {
	CONNECTIONS = 32,
	CONNECTION_SECONDS = 10,
	CONNECTION_BYTES = 16 * 1024,
	LOGIN_MS = 30 * 60 * 1000,  /* for a person at the browser */
	UPKEEP_MS = 60 * 60 * 1000, /* Twitch wants tokens validated hourly */
	PLACE_MAX = 1024
};

struct server {
	const struct settings *settings;
	const char *name; /* the account's, or NULL */
	struct client client;
	char place[PLACE_MAX], redirect_uri[PLACE_MAX];
	struct states states;
	int done[2]; /* a byte for each login whose page has been sent */
	struct MHD_Daemon *daemon;
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
    .not_asked_status = MHD_HTTP_BAD_GATEWAY,
    .refused = "Token exchange failed",
    .refused_status = MHD_HTTP_BAD_GATEWAY,
    .not_saved = "Failed to write token file",
};

static const char fetch_failed[] =
    "Failed to fetch tokens. Check the server logs for details.";

static const struct callback_words auth_callback = {
    .no_code = "No authorization code provided.",
    .saved = "Authentication successful! You can close this window. "
	     "Tokens have been saved.",
    .not_asked = fetch_failed,
    .not_asked_status = MHD_HTTP_INTERNAL_SERVER_ERROR,
    .refused = fetch_failed,
    .refused_status = MHD_HTTP_INTERNAL_SERVER_ERROR,
    .not_saved = fetch_failed,
};

/*
 * Answer with a text that is constant but for a redirect's target: nothing
 * that came with the request is ever sent back. The address of a callback
 * holds a code, so that it goes into no cache and no Referer.
 */
static enum MHD_Result
reply(struct MHD_Connection *c, unsigned status, const char *type,
    const char *text, const char *location)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text),
	    (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", type);
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "Content-Security-Policy",
	    "default-src 'none'");
	MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	if (location != NULL)
		MHD_add_response_header(r, "Location", location);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(r, "Allow", "GET, HEAD");
	result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result
say(struct MHD_Connection *c, unsigned status, const char *text)
{
	return reply(c, status, "text/plain; charset=utf-8", text, NULL);
}

static enum MHD_Result
home_page(struct MHD_Connection *c)
{
	return reply(c, MHD_HTTP_OK, "text/html; charset=utf-8",
	    "<!doctype html>\n<html lang=\"en\"><title>twitch-oauth</title>\n"
	    "<p><a href=\"auth\">Click here to authenticate with Twitch</a>\n",
	    NULL);
}

/* Off to Twitch, with a state that is good for one way back. */
static enum MHD_Result
auth_page(struct server *server, struct MHD_Connection *c)
{
	char state[STATE_LEN + 1], *url = NULL;
	enum MHD_Result result;

	if (states_new(&server->states, state) == 0)
		url = endpoint_consent(&server->client, server->redirect_uri,
		    server->settings->scopes, state);
	if (url == NULL)
		return say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "Out of memory");
	result = reply(c, MHD_HTTP_FOUND, "text/plain; charset=utf-8", "", url);
	free(url);
	return result;
}

/* Exchange the code, and keep what it gives. */
static enum status
exchange(const struct server *server, const char *code, enum answer *answer)
{
	const char *ca_file = server->settings->ca_file;
	struct account account = {0};
	struct endpoint e;
	struct token token;
	enum status status = endpoint_open(&e, ca_file);

	*answer = ANSWER_FAILED;
	if (status != STATUS_OK)
		return status;
	*answer = endpoint_exchange(&e, &server->client, code,
	    server->redirect_uri, &token);
	status = endpoint_status(&e, *answer, "the code of", "a login");
	if (status == STATUS_OK)
		status = renew_adopt(&account, server->name, server->client.id,
		    &token, ca_file);
	if (status == STATUS_OK)
		log_info("logged in as %s", account.name);
	account_free(&account);
	endpoint_close(&e);
	return status;
}

static const char *
argument(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result
callback_page(struct server *server, struct MHD_Connection *c,
    const struct callback_words *words, void **logged_in)
{
	const char *code = argument(c, "code");
	const char *error = argument(c, "error");
	bool begun_here = states_take(&server->states, argument(c, "state"));
	enum answer answer;
	enum status status;

	if (begun_here && code == NULL)
		log_warn("Twitch gave no code: %s",
		    error == NULL ? "no reason said" : error);
	if (code == NULL || *code == '\0')
		return say(c, MHD_HTTP_BAD_REQUEST, words->no_code);
	if (!begun_here) {
		log_warn("a callback without a state of ours was refused");
		return say(c, MHD_HTTP_BAD_REQUEST,
		    "Error: this login was not begun here, or too long ago. "
		    "Start again at /auth");
	}
	status = exchange(server, code, &answer);
	if (status == STATUS_OK) {
		*logged_in = server;
		return say(c, MHD_HTTP_OK, words->saved);
	}
	if (answer == ANSWER_FAILED)
		return say(c, words->not_asked_status, words->not_asked);
	if (answer == ANSWER_REFUSED)
		return say(c, words->refused_status, words->refused);
	return say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, words->not_saved);
}

/* Ready when a login could be kept. */
static enum MHD_Result
ready_page(struct MHD_Connection *c)
{
	char path[DIRS_PATH_MAX];

	if (dirs_state(NULL, path) == 0 && access(path, W_OK) == 0)
		return say(c, MHD_HTTP_OK, "ready");
	return say(c, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready");
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *c, const char *path,
    const char *method, const char *version, const char *body, size_t *len,
    void **logged_in)
{
	struct server *server = arg;

	(void)version, (void)body, (void)len;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return say(c, MHD_HTTP_METHOD_NOT_ALLOWED,
		    "Method not allowed");
	if (strcmp(path, "/") == 0)
		return home_page(c);
	if (strcmp(path, "/auth") == 0)
		return auth_page(server, c);
	if (strcmp(path, "/callback") == 0)
		return callback_page(server, c, &callback, logged_in);
	if (strcmp(path, "/auth/callback") == 0)
		return callback_page(server, c, &auth_callback, logged_in);
	if (strcmp(path, "/healthz") == 0)
		return say(c, MHD_HTTP_OK, "ok");
	if (strcmp(path, "/readyz") == 0)
		return ready_page(c);
	return say(c, MHD_HTTP_NOT_FOUND, "Not found");
}

/* Only now has the person seen that the login is done. */
static void
on_sent(void *arg, struct MHD_Connection *c, void **logged_in,
    enum MHD_RequestTerminationCode how)
{
	const struct server *server = arg;

	(void)c, (void)how;
	if (*logged_in != NULL)
		(void)!write(server->done[1], "", 1);
	*logged_in = NULL;
}

/* [HOST:]PORT as given, or the port that the earlier systems' variables say. */
static const char *
place(const struct settings *s)
{
	static const char *const names[] = {
	    "OAUTH_SERVER_PORT", "TWITCH_AUTH_PORT"};
	const char *v;

	if (s->listen != NULL)
		return s->listen;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if ((v = getenv(names[i])) != NULL && *v != '\0')
			return v;
	return "3000";
}

/* Where we listen and where Twitch is to send the browser back to. */
static enum status
find_addresses(struct server *server, int listener)
{
	const char *where = place(server->settings);
	const char *uri = getenv("TWITCH_REDIRECT_URI");
	const char *colon = strrchr(where, ':'), *path = "/callback";
	int port = listen_port(listener), n;

	snprintf(server->place, sizeof(server->place), "http://%.*s:%d",
	    colon == NULL ? 9 : (int)(colon - where),
	    colon == NULL ? "127.0.0.1" : where, port);
	if (uri != NULL && *uri != '\0')
		n = snprintf(server->redirect_uri, PLACE_MAX, "%s", uri);
	else
		n = snprintf(server->redirect_uri, PLACE_MAX,
		    "http://localhost:%d/callback", port);
	if (n < PLACE_MAX && n >= (int)strlen(path) &&
	    strcmp(server->redirect_uri + n - strlen(path), path) == 0)
		return STATUS_OK;
	log_error("TWITCH_REDIRECT_URI must end in /callback or "
		  "/auth/callback, the paths that are served");
	return STATUS_USAGE;
}

static enum status
start(struct server *server, int listener)
{
	/* Nobody reads it while serving for ever: a full pipe must not stop. */
	if (pipe2(server->done, O_CLOEXEC | O_NONBLOCK) == -1) {
		log_error("cannot make a pipe: %s", strerror(errno));
		return STATUS_FAILED;
	}
	states_open(&server->states);
	server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
	    0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET,
	    listener, MHD_OPTION_NOTIFY_COMPLETED, on_sent, server,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
	    MHD_OPTION_END);
	if (server->daemon != NULL)
		return STATUS_OK;
	log_error("cannot start the server at %s", server->place);
	return STATUS_FAILED;
}

/* The daemon closes the listener; before there is one, we do. */
static enum status
server_open(struct server *server, const struct settings *s)
{
	enum status status = client_load(&server->client, NULL);
	int listener;

	server->settings = s;
	if (status != STATUS_OK)
		return status;
	if (server->client.secret == NULL) {
		log_error("a login by browser needs a client secret; "
			  "run: twitch-oauth client");
		return STATUS_USAGE;
	}
	listener = listen_open(place(s));
	if (listener == -1) {
		log_error("cannot listen at '%s': %s", place(s),
		    strerror(errno));
		return STATUS_USAGE;
	}
	status = find_addresses(server, listener);
	if (status == STATUS_OK)
		status = start(server, listener);
	if (server->daemon == NULL)
		close(listener);
	return status;
}

static void
server_close(struct server *server)
{
	if (server->daemon != NULL) {
		MHD_stop_daemon(server->daemon);
		states_close(&server->states);
		close(server->done[0]);
		close(server->done[1]);
	}
	client_free(&server->client);
}

enum status
callback_login(const struct settings *s, const char *name)
{
	struct server server = {.name = name};
	enum status status = server_open(&server, s);

	if (status == STATUS_OK) {
		printf("Open %s/auth in a browser.\n", server.place);
		fflush(stdout);
		if (stop_wait(server.done[0], POLLIN, LOGIN_MS) != 1) {
			log_error("nobody logged in");
			status = STATUS_FAILED;
		}
	}
	server_close(&server);
	return status;
}

enum status
serve_command(const struct settings *s, char **args)
{
	struct server server = {0};
	enum status status = server_open(&server, s);

	if (status == STATUS_OK) {
		log_info("listening; log in at %s/auth", server.place);
		do {
			validate_command(s, args);
			fflush(stdout);
		} while (stop_wait(-1, 0, UPKEEP_MS) == 0);
	}
	server_close(&server);
	return status;
}
