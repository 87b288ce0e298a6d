#ifndef SIM_WEB_H
#define SIM_WEB_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A small HTTP server on loopback for the simulator's OAuth and Helix ends,
 * driven from somebody's epoll loop. Answers can be held back and failed on
 * command, by requests below /sim/:
 *
 *	/sim/hold?path=P		keep the answers to P until released
 *	/sim/release			send them, and hold no more
 *	/sim/fail?path=P&status=N	answer the next request to P so, with
 *			no JSON; &times=K the next K, &bytes=N with such
 *			a body, &location=URL with such a header
 */
struct cJSON;
struct MHD_Connection;

enum { WEB_PARAMS = 32, WEB_VALUE_MAX = 1024, WEB_HEADERS = 8 };

struct web_param {
	char name[32], value[WEB_VALUE_MAX];
	bool in_url;
};

struct web_request {
	const char *path;
	bool is_post;
	struct web_param params[WEB_PARAMS]; /* of the query and the form */
	unsigned count;
	struct MHD_Connection *connection;

	unsigned status; /* the answer's, 0 until there is one */
	char *body;
	struct {
		const char *name;
		char value[WEB_VALUE_MAX];
	} headers[WEB_HEADERS];
	unsigned header_count;
};

/* The nth parameter of this name, from 0; or NULL. */
const char *web_param(const struct web_request *r, const char *name,
    unsigned nth);

/* A header of the request, or NULL. */
const char *web_header(const struct web_request *r, const char *name);

/* Answer: with an object, which is taken over, a text, or a way elsewhere. */
void web_json(struct web_request *r, unsigned status, struct cJSON *json);
void web_text(struct web_request *r, unsigned status, const char *text);
void web_redirect(struct web_request *r, const char *location);

/* Add a header to the answer. The name is a literal. */
void web_add(struct web_request *r, const char *name, const char *value);

struct web;

/*
 * Listen on a free port of 127.0.0.1; `handle` answers what is not below
 * /sim/, and /sim/ paths that are not those above. Ends the program when it
 * cannot.
 */
struct web *web_open(void (*handle)(void *arg, struct web_request *r),
    void *arg);
void web_close(struct web *web);

unsigned web_port(const struct web *web);

/* To be run when this descriptor is readable, and now and then besides. */
int web_fd(const struct web *web);
void web_run(struct web *web);

/* How many answers are held back. */
unsigned web_held(const struct web *web);

#endif
