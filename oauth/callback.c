#include "callback.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "listen.h"
#include "log.h"
#include "metrics.h"
#include "pages.h"
#include "stop.h"
#include "variable.h"

enum {
	LOGIN_MS = 30 * 60 * 1000,  /* for a person at the browser */
	UPKEEP_MS = 60 * 60 * 1000, /* Twitch wants tokens validated hourly */
	PLACE_MAX = 1024
};

struct server {
	struct pages pages;
	struct httpd *httpd;
	char place[PLACE_MAX], redirect_uri[PLACE_MAX];
};

/* [HOST:]PORT as given, or the port that the earlier systems' variables say. */
static const char *
place(const struct settings *s)
{
	const char *port = variable("OAUTH_SERVER_PORT");

	if (s->listen != NULL)
		return s->listen;
	if (port == NULL)
		port = variable("TWITCH_AUTH_PORT");
	return port == NULL ? "3000" : port;
}

/* Where we listen and where Twitch is to send the browser back to. */
static enum status
find_addresses(struct server *server, const char *where, int listener)
{
	const char *uri = variable("TWITCH_REDIRECT_URI");
	const char *colon = strrchr(where, ':'), *path = "/callback";
	int port = listen_port(listener), n;

	snprintf(server->place, sizeof(server->place), "http://%.*s:%d",
	    colon == NULL ? 9 : (int)(colon - where),
	    colon == NULL ? "127.0.0.1" : where, port);
	if (uri != NULL)
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

/* The httpd closes the listener; before there is one, we do. */
static enum status
start_listening(struct server *server, const char *where)
{
	int listener = listen_open(where);
	enum status status;

	if (listener == -1) {
		log_error("cannot listen at '%s': %s", where, strerror(errno));
		return STATUS_USAGE;
	}
	status = find_addresses(server, where, listener);
	if (status == STATUS_OK) {
		server->httpd =
		    httpd_open(listener, pages_answer, &server->pages);
		if (server->httpd != NULL)
			return STATUS_OK;
		log_error("cannot serve %s: %s", server->place,
		    strerror(errno));
		status = STATUS_FAILED;
	}
	close(listener);
	return status;
}

static enum status
server_open(struct server *server, const struct settings *s, const char *name)
{
	enum status status;

	*server = (struct server){.pages = {.ca_file = s->ca_file,
				      .name = name,
				      .scopes = s->scopes,
				      .redirect_uri = server->redirect_uri}};
	status = client_load(&server->pages.client, NULL);
	if (status != STATUS_OK)
		return status;
	if (server->pages.client.secret == NULL) {
		log_error("a login by browser needs a client secret; "
			  "run: twitch-oauth client");
		return STATUS_USAGE;
	}
	return start_listening(server, place(s));
}

/* What was answered is sent first, and what was begun is finished. */
static void
server_close(struct server *server)
{
	if (server->httpd != NULL)
		httpd_close(server->httpd);
	client_free(&server->pages.client);
}

/* Serve until somebody has logged in. */
static enum status
wait_for_login(struct server *server)
{
	int64_t end = clock_mono() + LOGIN_MS;

	while (server->pages.logins == 0) {
		if (clock_mono() >= end ||
		    stop_wait(httpd_fd(server->httpd), POLLIN,
			httpd_wait(server->httpd)) == -1) {
			log_error("nobody logged in");
			return STATUS_FAILED;
		}
		httpd_run(server->httpd);
	}
	return STATUS_OK;
}

enum status
callback_login(const struct settings *s, const char *name)
{
	struct server server;
	enum status status = server_open(&server, s, name);

	if (status == STATUS_OK) {
		printf("Open %s/auth in a browser.\n", server.place);
		fflush(stdout);
		status = wait_for_login(&server);
	}
	server_close(&server);
	return status;
}

static void
say_metrics(struct metrics *m, const struct server *server)
{
	metrics_family(m, "twitch_oauth_logins_total", "counter",
	    "People who logged in.");
	metrics_value(m, NULL, (double)server->pages.logins);
	metrics_family(m, "twitch_oauth_failures_total", "counter",
	    "Logins that Twitch refused, or that could not be kept.");
	metrics_value(m, NULL, (double)server->pages.failures);
	metrics_family(m, "twitch_oauth_connections", "gauge",
	    "Clients that are connected.");
	metrics_value(m, NULL, httpd_connections(server->httpd));
	metrics_write(m);
}

static void
serve(struct server *server)
{
	struct metrics m;
	int wait;

	if (metrics_open(&m, "twitch-oauth") == -1)
		log_warn("cannot write metrics: %s", strerror(errno));
	do {
		httpd_run(server->httpd);
		if (metrics_due(&m))
			say_metrics(&m, server);
		wait = httpd_wait(server->httpd);
		if (metrics_wait(&m) < wait)
			wait = metrics_wait(&m);
	} while (stop_wait(httpd_fd(server->httpd), POLLIN, wait) != -1);
	metrics_close(&m);
}

/* Validate all accounts, at once and every hour, in a thread of its own. */
static void *
upkeep(void *arg)
{
	const struct settings *s = arg;
	char *all[] = {NULL};

	do {
		validate_command(s, all);
		fflush(stdout);
	} while (stop_wait(-1, 0, UPKEEP_MS) == 0);
	return NULL;
}

enum status
serve_command(const struct settings *s, char **args)
{
	struct server server;
	pthread_t thread;
	enum status status = server_open(&server, s, NULL);

	(void)args;
	if (status == STATUS_OK &&
	    pthread_create(&thread, NULL, upkeep, (void *)(uintptr_t)s) != 0) {
		log_error("cannot start a thread");
		status = STATUS_FAILED;
	}
	if (status == STATUS_OK) {
		log_info("listening; log in at %s/auth", server.place);
		serve(&server);
		pthread_join(thread, NULL);
	}
	server_close(&server);
	return status;
}
