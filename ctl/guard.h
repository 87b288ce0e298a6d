#ifndef CTL_GUARD_H
#define CTL_GUARD_H

#include <stdbool.h>

#include "httpd.h"

/*
 * Who may do what over HTTP. Without a token the server listens on loopback
 * alone, and what is left to fear is a page of elsewhere in a browser on this
 * machine: its requests are known by where they say they come from, and by
 * the name it looked us up by.
 */
struct guard {
	char *token; /* what a client must show, or NULL */
};

/*
 * Read the token, which is all that its file holds but for white space at
 * its end. Exits, having said why, if the file is not ours alone or holds no
 * usable token. guard_close wipes it.
 */
void guard_open(struct guard *g, const char *path);
void guard_close(struct guard *g);

/* True if no token is asked for, or the request bears it. */
bool guard_token(const struct guard *g, const struct httpd_request *r);

/*
 * True if the Host is one that no page of elsewhere can make a name of its
 * own lead to (DNS rebinding): an address, or localhost. NULL is right too:
 * browsers always send one.
 */
bool guard_host(const char *host);

/*
 * True if the request comes from our own page, from the address bar, or from
 * what is no browser: by Sec-Fetch-Site, and by Origin (RFC 6454), or else
 * Referer, which must be ours. A browser that says none of them, as old ones do
 * of a picture, may be on any page.
 */
bool guard_origin(const struct httpd_request *r);

#endif
