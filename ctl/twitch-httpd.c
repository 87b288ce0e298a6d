/* twitch-httpd: see and steer the pipeline over HTTP. */

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "api.h"
#include "atomic.h"
#include "dirs.h"
#include "httpd.h"
#include "instance.h"
#include "listen.h"
#include "log.h"
#include "metrics.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

enum { GRACE_DEFAULT = 10, PLACE_MAX = 128 };

struct options {
	const char *listen, *name, *token_file, *url_file;
	bool reader_only;
	unsigned grace;
};

/* Whether only this machine can reach the socket; and its URL. */
static bool
is_loopback(int fd, char url[PLACE_MAX])
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = {.any.sa_family = AF_UNSPEC};
	socklen_t len = sizeof(a);
	char host[INET6_ADDRSTRLEN] = "";

	getsockname(fd, &a.any, &len);
	if (a.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a.v6.sin6_addr, host, sizeof(host));
		snprintf(url, PLACE_MAX, "http://[%s]:%d", host,
		    listen_port(fd));
		return IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr);
	}
	inet_ntop(AF_INET, &a.v4.sin_addr, host, sizeof(host));
	snprintf(url, PLACE_MAX, "http://%s:%d", host, listen_port(fd));
	return a.any.sa_family == AF_INET &&
	    ntohl(a.v4.sin_addr.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
}

/* The socket that is asked for; who listens beyond loopback needs a token. */
static int
listen_at(const struct options *o, char url[PLACE_MAX])
{
	const char *host = variable("HTTP_API_HOST");
	const char *port = variable("HTTP_API_PORT");
	char place[PLACE_MAX];
	int fd;

	if (host == NULL)
		host = "127.0.0.1";
	if (port == NULL)
		port = "6060";
	snprintf(place, sizeof(place),
	    strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
	if (o->listen != NULL)
		snprintf(place, sizeof(place), "%s", o->listen);
	fd = listen_open(place);
	if (fd == -1 && errno == EINVAL)
		die(STATUS_USAGE, "'%s' is no ADDRESS:PORT to listen at",
		    place);
	if (fd == -1)
		die(errno == EACCES ? STATUS_USAGE : STATUS_FAILED,
		    "cannot listen at '%s': %s", place, strerror(errno));
	if (!is_loopback(fd, url) && o->token_file == NULL)
		die(STATUS_USAGE,
		    "others can reach %s: give --token-file, or listen at "
		    "127.0.0.1",
		    url);
	return fd;
}

static void
say_metrics(struct metrics *m, const struct api *api, const struct httpd *httpd)
{
	static const char *const labels[] = {NULL, "status=\"1xx\"",
	    "status=\"2xx\"", "status=\"3xx\"", "status=\"4xx\"",
	    "status=\"5xx\""};

	metrics_family(m, "twitch_httpd_answers_total", "counter",
	    "Requests that were answered.");
	for (int i = 1; i <= 5; i++)
		metrics_value(m, labels[i], (double)api->answers[i]);
	metrics_family(m, "twitch_httpd_connections", "gauge",
	    "Clients that are connected.");
	metrics_value(m, NULL, httpd_connections(httpd));
	metrics_write(m);
}

static enum status
serve(const struct options *o, struct api *api)
{
	char url[PLACE_MAX];
	int fd = listen_at(o, url), wait;
	struct httpd *httpd = httpd_open(fd, api_answer, api);
	struct metrics m;

	if (httpd == NULL)
		die(STATUS_FAILED, "cannot serve %s: %s", url, strerror(errno));
	if (metrics_open(&m, "twitch-httpd") == -1)
		log_warn("cannot write metrics: %s", strerror(errno));
	api_tick(api);
	log_info("listening at %s", url);
	if (o->url_file != NULL &&
	    atomic_write(o->url_file, slice_of(url), false) == -1)
		die(STATUS_USAGE, "cannot write '%s': %s", o->url_file,
		    strerror(errno));
	do {
		httpd_run(httpd);
		if (metrics_due(&m)) {
			api_tick(api);
			say_metrics(&m, api, httpd);
		}
		wait = httpd_wait(httpd);
		if (metrics_wait(&m) < wait)
			wait = metrics_wait(&m);
	} while (stop_wait(httpd_fd(httpd), POLLIN, wait) != -1);
	httpd_close(httpd);
	metrics_close(&m);
	return STATUS_OK;
}

static _Noreturn void
usage(FILE *to, int status)
{
	fputs("usage: twitch-httpd [-hrV] [-g seconds] [-l address:port] "
	      "[-N name]\n"
	      "                    [-t file] [-u file]\n",
	    to);
	exit(status);
}

static const struct option long_options[] = {
    {"grace", required_argument, NULL, 'g'},
    {"help", no_argument, NULL, 'h'},
    {"listen", required_argument, NULL, 'l'},
    {"name", required_argument, NULL, 'N'},
    {"reader-only", no_argument, NULL, 'r'},
    {"token-file", required_argument, NULL, 't'},
    {"url-file", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
read_options(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "g:hl:N:rt:u:V", long_options,
		    NULL)) != -1) {
		switch (option) {
		case 'g':
			o->grace = stop_grace(optarg);
			if (o->grace == 0)
				die(STATUS_USAGE, STOP_GRACE_WRONG, optarg);
			break;
		case 'h':
			usage(stdout, STATUS_OK);
		case 'l':
			o->listen = optarg;
			break;
		case 'N':
			o->name = optarg;
			break;
		case 'r':
			o->reader_only = true;
			break;
		case 't':
			o->token_file = optarg;
			break;
		case 'u':
			o->url_file = optarg;
			break;
		case 'V':
			puts("twitch-httpd " VERSION);
			exit(STATUS_OK);
		default:
			usage(stderr, STATUS_USAGE);
		}
	}
	if (optind < argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
}

int
main(int argc, char **argv)
{
	struct options o = {.grace = GRACE_DEFAULT};
	struct api api = {0};
	char run[DIRS_PATH_MAX];
	enum status status;

	standard_hold();
	log_open("twitch-httpd");
	read_options(&o, argc, argv);
	if (o.name != NULL)
		instance_select(o.name);
	if (dirs_run(NULL, run) == -1)
		die(STATUS_USAGE, "no run directory: set TWITCH_RUN_DIR");
	if (o.token_file != NULL)
		guard_open(&api.guard, o.token_file);
	api.reader_only = o.reader_only;
	stop_on_signals(o.grace);
	status = serve(&o, &api);
	api_close(&api);
	return status;
}
