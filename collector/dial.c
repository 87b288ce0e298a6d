#include "dial.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "memory.h"
#include "status.h"

enum {
	CONNECT_SECONDS = 15,
	/* What we sent and nobody acknowledged kills the connection. */
	UNACKNOWLEDGED_MS = 20000
};

static int
parse_parts(CURLU *u, struct endpoint *e)
{
	char *scheme = NULL, *host = NULL, *port = NULL, *path = NULL,
	     *query = NULL;
	size_t n;
	int ok = -1;

	curl_url_get(u, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(u, CURLUPART_HOST, &host, 0);
	curl_url_get(u, CURLUPART_PORT, &port, 0);
	curl_url_get(u, CURLUPART_PATH, &path, 0);
	curl_url_get(u, CURLUPART_QUERY, &query, 0);
	if (scheme == NULL || host == NULL || path == NULL || *host == '\0')
		goto done;
	e->tls = strcmp(scheme, "wss") == 0;
	if (!e->tls && strcmp(scheme, "ws") != 0)
		goto done;
	e->port = port != NULL ? (unsigned)atoi(port) : e->tls ? 443 : 80;
	n = strlen(host);
	if (n >= sizeof(e->host) ||
	    snprintf(e->path, sizeof(e->path), "%s%s%s", path,
		query == NULL ? "" : "?",
		query == NULL ? "" : query) >= (int)sizeof(e->path))
		goto done;
	snprintf(e->authority, sizeof(e->authority), "%s:%u", host, e->port);
	if (*host == '[')
		snprintf(e->host, sizeof(e->host), "%.*s", (int)n - 2,
		    host + 1);
	else
		snprintf(e->host, sizeof(e->host), "%s", host);
	ok = 0;
done:
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_free(query);
	return ok;
}

int
dial_parse(const char *url, struct endpoint *endpoint)
{
	CURLU *u = curl_url();
	int ok = -1;

	if (u == NULL)
		die(STATUS_FAILED, "out of memory");
	if (curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) ==
	    CURLUE_OK)
		ok = parse_parts(u, endpoint);
	curl_url_cleanup(u);
	return ok;
}

static int
on_socket_made(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	unsigned ms = UNACKNOWLEDGED_MS;

	(void)arg;
	(void)purpose;
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
	return CURL_SOCKOPT_OK;
}

/* libcurl is done with a socket: close it, unless we have taken it over. */
static int
on_socket_closed(void *arg, curl_socket_t fd)
{
	struct dial *dial = arg;

	return fd == dial->fd ? 0 : close(fd);
}

static void
end(struct dial *dial)
{
	curl_multi_remove_handle(dial->dialer->multi, dial->easy);
	curl_easy_cleanup(dial->easy);
	dial->easy = NULL;
}

static void
finish(struct dial *dial, CURLcode result)
{
	curl_socket_t fd = -1;

	if (result == CURLE_OK)
		curl_easy_getinfo(dial->easy, CURLINFO_ACTIVESOCKET, &fd);
	else if (dial->why[0] == '\0')
		snprintf(dial->why, sizeof(dial->why), "%s",
		    curl_easy_strerror(result));
	dial->fd = fd;
	end(dial);
	dial->done(dial->arg, fd, dial->why);
}

/* Let libcurl act, and end the dials that this ended. */
static void
act(struct dialer *dialer, int fd, int what)
{
	CURLMsg *msg;
	int n;

	curl_multi_socket_action(dialer->multi, fd, what, &n);
	while ((msg = curl_multi_info_read(dialer->multi, &n)) != NULL) {
		CURLcode result = msg->data.result;
		struct dial *dial;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &dial);
		finish(dial, result);
	}
}

struct curl_watch {
	struct watch watch;
	struct dialer *dialer;
};

static void
on_ready(void *arg, uint32_t events)
{
	struct curl_watch *w = arg;

	act(w->dialer, w->watch.fd,
	    (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
		(events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
		(events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
}

/* libcurl wants to know when this socket is ready. */
static int
on_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *of_socket)
{
	struct dialer *dialer = arg;
	struct curl_watch *w = of_socket;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL)
			loop_watch(dialer->loop, &w->watch, 0);
		free(w);
		return 0;
	}
	if (w == NULL) {
		w = memory_new(1, sizeof(*w));
		w->dialer = dialer;
		w->watch =
		    (struct watch){.fd = fd, .ready = on_ready, .arg = w};
		curl_multi_assign(dialer->multi, fd, w);
	}
	loop_watch(dialer->loop, &w->watch,
	    (what & CURL_POLL_IN ? EPOLLIN : 0u) |
		(what & CURL_POLL_OUT ? EPOLLOUT : 0u));
	return 0;
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
	struct dialer *dialer = arg;

	(void)multi;
	if (ms < 0)
		loop_cancel(dialer->loop, &dialer->alarm);
	else
		loop_alarm(dialer->loop, &dialer->alarm, clock_mono() + ms);
	return 0;
}

static void
on_alarm(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

int
dialer_open(struct dialer *dialer, struct loop *loop)
{
	CURLM *multi;

	*dialer = (struct dialer){
	    .loop = loop, .alarm = {.due = on_alarm, .arg = dialer}};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (multi = curl_multi_init()) == NULL)
		return -1;
	dialer->multi = multi;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_interest);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, dialer);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, dialer);
	return 0;
}

void
dialer_close(struct dialer *dialer)
{
	curl_multi_cleanup(dialer->multi);
	loop_cancel(dialer->loop, &dialer->alarm);
	curl_global_cleanup();
}

/* libcurl would take the proxy for http: from the environment. */
static void
use_proxy(CURL *easy, const struct endpoint *e)
{
	static const char *const names[] = {
	    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	for (size_t i = 0; e->tls && i < sizeof(names) / sizeof(names[0]);
	    i++) {
		const char *proxy = getenv(names[i]);

		if (proxy == NULL || *proxy == '\0')
			continue;
		curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
		return;
	}
	if (e->tls)
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

void
dial_start(struct dial *dial, struct dialer *dialer,
    const struct endpoint *endpoint)
{
	char url[DIAL_HOST_MAX + 32];
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		die(STATUS_FAILED, "out of memory");
	dial->dialer = dialer;
	dial->easy = easy;
	dial->fd = -1;
	dial->why[0] = '\0';
	snprintf(url, sizeof(url), "http://%s/", endpoint->authority);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket_made);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_socket_closed);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, dial);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, dial->why);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, dial);
	use_proxy(easy, endpoint);
	curl_multi_add_handle(dialer->multi, easy);
}

void
dial_stop(struct dial *dial)
{
	if (dial->easy != NULL)
		end(dial);
}
