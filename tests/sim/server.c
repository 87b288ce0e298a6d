#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api.h"
#include "atomic.h"
#include "client.h"
#include "clock.h"
#include "line.h"
#include "log.h"
#include "script.h"
#include "sim.h"
#include "status.h"
#include "stop.h"
#include "tls.h"
#include "web.h"

enum {
	EVENTS = 256,
	TICK = 100, /* ms between looks at every client's clock */
	BACKLOG = 4096,
	COMMAND_MAX = 64 * 1024
};

static struct line_reader commands;

/* What an event's pointer is when it is not a client. */
static char listener_tag, commands_tag, stop_tag, api_tag;

static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int
listen_on(int64_t *port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)*port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(addr);
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd == -1 || bind(fd, (struct sockaddr *)&addr, len) == -1 ||
	    listen(fd, BACKLOG) == -1 ||
	    getsockname(fd, (struct sockaddr *)&addr, &len) == -1)
		die(STATUS_FAILED, "cannot listen on port %d: %s", (int)*port,
		    strerror(errno));
	*port = ntohs(addr.sin_port);
	return fd;
}

static int
watch(struct sim *sim, int fd, void *tag)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};

	return epoll_ctl(sim->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* On sim->port, which is set to the one that was free if it is 0. */
static void
begin_to_listen(struct sim *sim)
{
	sim->listener = listen_on(&sim->port);
	sim->listen_at = 0;
	if (watch(sim, sim->listener, &listener_tag) == -1)
		die(STATUS_FAILED, "cannot watch a socket: %s",
		    strerror(errno));
}

void
server_refuse(struct sim *sim, int64_t ms)
{
	if (sim->listen_at == 0)
		close(sim->listener);
	sim->listen_at = clock_mono() + ms;
}

/* Obey the commands that are there. False when there will be no more. */
static bool
read_commands(struct sim *sim)
{
	struct line line;

	if (line_fill(&commands) <= 0)
		return false;
	while (line_next(&commands, &line))
		if (line.first && line.last)
			script_obey(sim, line.text);
	return true;
}

static void
open_api(struct sim *sim)
{
	const struct config *config = sim->config;
	static struct api api;

	api_open(&api, config->api_url_file);
	for (unsigned i = 0; i < config->clients.count; i++)
		if (!oauth_add_client(&api.oauth, config->clients.word[i]))
			die(STATUS_USAGE, "--client: too many");
	if (watch(sim, web_fd(api.web), &api_tag) == -1)
		die(STATUS_FAILED, "cannot watch a socket: %s",
		    strerror(errno));
	sim->api = &api;
}

void
server_open(struct sim *sim)
{
	const struct config *config = sim->config;
	char text[64];

	raise_file_limit();
	if (config->tls)
		sim->tls = tls_server_new(config->cert_file);
	sim->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (sim->epoll == -1 || watch(sim, stop_fd(), &stop_tag) == -1)
		die(STATUS_FAILED, "cannot watch a descriptor: %s",
		    strerror(errno));
	sim->port = config->port;
	begin_to_listen(sim);
	if (line_open(&commands, STDIN_FILENO, COMMAND_MAX) == -1)
		die(STATUS_FAILED, "out of memory");
	/* A file cannot be watched, nor need it be: it is always readable. */
	if (watch(sim, STDIN_FILENO, &commands_tag) == -1 && errno == EPERM)
		while (read_commands(sim))
			continue;

	if (config->api_url_file != NULL)
		open_api(sim);
	snprintf(text, sizeof(text), "%s:%u\n",
	    config->tls ? "wss://localhost" : "ws://127.0.0.1",
	    (unsigned)sim->port);
	if (config->url_file != NULL &&
	    atomic_write(config->url_file, slice_of(text), false) == -1)
		die(STATUS_USAGE, "cannot write '%s': %s", config->url_file,
		    strerror(errno));
}

static void
accept_clients(struct sim *sim)
{
	static struct log_limit limit;
	unsigned long held;
	int one = 1, fd;

	while ((fd = accept4(sim->listener, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		client_new(sim, fd);
	}
	if ((errno == EMFILE || errno == ENFILE) && log_limit(&limit, &held))
		log_warn("cannot accept: %s", strerror(errno));
}

static void
dispatch(struct sim *sim, const struct epoll_event *event)
{
	void *tag = event->data.ptr;

	if (tag == &listener_tag)
		accept_clients(sim);
	else if (tag == &api_tag)
		web_run(sim->api->web);
	else if (tag == &stop_tag)
		sim->quit = true;
	else if (tag != &commands_tag)
		client_event(tag, event->events);
	else if (!read_commands(sim))
		epoll_ctl(sim->epoll, EPOLL_CTL_DEL, commands.fd, NULL);
}

static void
tick(struct sim *sim, int64_t now)
{
	for (size_t i = 0; i < sim->count; i++)
		client_tick(sim->clients[i], now);
	if (sim->listen_at != 0 && now >= sim->listen_at)
		begin_to_listen(sim);
	record_flush(&sim->record);
	record_counts(&sim->record);
	if (sim->api != NULL)
		web_run(sim->api->web); /* its time-outs */
}

/* Take no more clients, and close those there are. */
static void
begin_to_end(struct sim *sim)
{
	sim->traffic.paused = true;
	server_refuse(sim, INT32_MAX);
	epoll_ctl(sim->epoll, EPOLL_CTL_DEL, stop_fd(), NULL);
	for (size_t i = 0; i < sim->count; i++)
		client_close(sim->clients[i]);
}

void
server_run(struct sim *sim)
{
	struct epoll_event events[EVENTS];
	int64_t next_tick = clock_mono();
	bool ending = false;

	while (!sim->quit || sim->count > 0) {
		int64_t now = clock_mono();
		int wait, n;

		if (now >= next_tick) {
			tick(sim, now);
			next_tick = now + TICK;
		}
		wait = traffic_run(sim, (int)(next_tick - now));
		clients_flush(sim);
		n = epoll_wait(sim->epoll, events, EVENTS, wait);
		for (int i = 0; i < n; i++)
			dispatch(sim, &events[i]);
		if (sim->quit && !ending) {
			begin_to_end(sim);
			ending = true;
		}
	}
}

void
server_close(struct sim *sim)
{
	line_close(&commands);
	if (sim->api != NULL)
		api_close(sim->api);
	close(sim->epoll);
	free(sim->clients);
	if (sim->tls != NULL)
		tls_server_free(sim->tls);
}
