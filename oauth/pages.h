#ifndef OAUTH_PAGES_H
#define OAUTH_PAGES_H

#include <stdint.h>

#include "client.h"
#include "httpd.h"
#include "state.h"

/*
 * The pages of the authorization-code flow (RFC 6749, 4.1): one that sends
 * the person's browser to Twitch, and the one that Twitch sends it back to.
 * Zero-initialise, and set what is above the line.
 */
struct pages {
	const char *ca_file;      /* NULL: the system's certificates */
	const char *name;         /* the account's; NULL: the person's login */
	const char *scopes;       /* to ask for */
	const char *redirect_uri; /* where Twitch sends the browser back to */
	struct client client;

	struct states states;
	uint64_t logins, failures; /* of people, so far */
};

/* Answer a request; for httpd_open, the context is the struct pages. */
void pages_answer(void *pages, struct httpd_request *r);

#endif
