#ifndef CTL_DESTINATION_H
#define CTL_DESTINATION_H

#include "arguments.h"

/*
 * Where events go, as one argument: the URL says which publisher and gives
 * its options.
 *
 *	kafka://HOST:PORT[,HOST:PORT]?topic=NAME
 *	amqp://[USER@]HOST[:PORT][/VHOST]	amqps: with TLS
 *	clickhouse://[USER@]HOST[:PORT][/DATABASE]
 *	postgresql://[USER@]HOST[:PORT][/DATABASE]
 *	sqlite:FILE
 *	file:TEMPLATE
 *
 * After a question mark each NAME=VALUE, or NAME alone, between ampersands is
 * the publisher's option --NAME. %XX is a byte (RFC 3986, section 2.1).
 */
enum { DESTINATION_WHY_MAX = 256 };

struct destination {
	const char *kind;    /* as above; amqp for amqps too */
	const char *program; /* the publisher */
	struct arguments options;
};

/*
 * Understand a URL. Returns 0, and the caller frees d->options; or -1, and
 * `why` says why.
 */
int destination_parse(struct destination *d, const char *url,
    char why[DESTINATION_WHY_MAX]);

#endif
