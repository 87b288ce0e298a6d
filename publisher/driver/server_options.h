#ifndef PUBLISHER_DRIVER_SERVER_OPTIONS_H
#define PUBLISHER_DRIVER_SERVER_OPTIONS_H

#include <stdbool.h>

/*
 * What a publisher to a server is told of it: -c, -H, -P, -p, -t and -u.
 * What is wrong ends the program.
 */
struct server_options {
	const char *host; /* an IPv6 address is without its brackets */
	int port;         /* 0: not given */
	const char *user, *password;
	const char *ca_file; /* with tls: who is trusted */
	bool tls;
};

/* For getopt_long: the letters, and the names. */
#define SERVER_OPTION_LETTERS "c:H:P:p:tu:"
#define SERVER_OPTION_NAMES                                  \
	{"ca", required_argument, NULL, 'c'},                \
	    {"host", required_argument, NULL, 'H'},          \
	    {"password-file", required_argument, NULL, 'P'}, \
	    {"port", required_argument, NULL, 'p'},          \
	    {"tls", no_argument, NULL, 't'},                 \
	    {"user", required_argument, NULL, 'u'}

/*
 * Begin with the host and the port that these environment variables name,
 * else with localhost and none.
 */
void server_options_open(struct server_options *o, const char *host_variable,
    const char *port_variable);

/* Take option `c`. Returns false if it is none of these. */
bool server_options_take(struct server_options *o, int c, const char *argument);

/* When all are taken: without a port it is `plain`, or `secure` with TLS. */
void server_options_port(struct server_options *o, int plain, int secure);

#endif
