#ifndef COLLECTOR_DIAL_H
#define COLLECTOR_DIAL_H

#include "loop.h"

/*
 * From a URL to a connected socket: names, several addresses, proxies. All
 * of it is libcurl's work, on our loop.
 *
 * TLS is not libcurl's work here but stream.h's. A connection that libcurl
 * has made and handed over (CURLOPT_CONNECT_ONLY) stays in its cache, which
 * it searches at every read, and clears of "idle" connections whenever
 * another one opens; and each would have a TLS context of its own.
 */
enum { DIAL_HOST_MAX = 256, DIAL_PATH_MAX = 2048, DIAL_WHY_MAX = 256 };

struct endpoint {
	char host[DIAL_HOST_MAX]; /* without the brackets of an IPv6 address */
	char authority[DIAL_HOST_MAX + 8]; /* as a Host header has it */
	char path[DIAL_PATH_MAX];          /* with the query */
	unsigned port;
	bool tls;
};

/* Take a ws: or wss: URL apart. Returns 0, or -1 when it is none. */
int dial_parse(const char *url, struct endpoint *endpoint);

struct dialer {
	void *multi;
	struct loop *loop;
	struct alarm alarm;
};

/* Returns 0, or -1 when out of memory. The dialer must not move. */
int dialer_open(struct dialer *dialer, struct loop *loop);
void dialer_close(struct dialer *dialer);

struct dial {
	struct dialer *dialer;
	void *easy; /* NULL: not under way */
	int fd;     /* connected, and the caller's */
	char why[DIAL_WHY_MAX];
	/* fd is a connected non-blocking socket, the caller's to close; or
	   -1, and why says why. The dial is over. */
	void (*done)(void *arg, int fd, const char *why);
	void *arg;
};

/* Begin; `done` follows, never at once. done and arg are set. */
void dial_start(struct dial *dial, struct dialer *dialer,
    const struct endpoint *endpoint);

/* Give up; `done` does not follow. */
void dial_stop(struct dial *dial);

#endif
