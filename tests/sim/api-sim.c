/*
 * api-sim: a stand-in for Twitch's OAuth and Helix servers, for tests. It
 * serves until it is told to stop; /sim/ paths steer it (api.h).
 */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "api.h"
#include "log.h"
#include "status.h"
#include "stop.h"
#include "version.h"
#include "web.h"

enum { GRACE = 10 };

static const struct option longs[] = {
    {"client", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"url-file", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

_Noreturn static void
usage(int status)
{
	fputs("usage: api-sim [-hV] [-c client[=secret]] [-u file]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

static void
serve(struct web *web)
{
	while (stop_wait(web_fd(web), POLLIN, web_timeout(web)) != -1)
		web_run(web);
}

int
main(int argc, char **argv)
{
	static struct api api;
	const char *url_file = NULL;
	char *clients[OAUTH_CLIENTS];
	unsigned count = 0;
	int c;

	log_open("api-sim");
	while ((c = getopt_long(argc, argv, "c:hu:V", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			if (count == OAUTH_CLIENTS)
				die(STATUS_USAGE, "too many clients");
			clients[count++] = optarg;
			break;
		case 'h':
			usage(STATUS_OK);
		case 'u':
			url_file = optarg;
			break;
		case 'V':
			puts("api-sim " VERSION);
			return STATUS_OK;
		default:
			usage(STATUS_USAGE);
		}
	}
	stop_on_signals(GRACE);
	api_open(&api, 0, url_file);
	while (count-- > 0)
		oauth_add_client(&api.oauth, clients[count]);
	serve(api.web);
	api_close(&api);
	return STATUS_OK;
}
