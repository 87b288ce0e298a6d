/*
 * amqp-publish: records on standard input, one a line, to RabbitMQ.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "amqp_store.h"
#include "log.h"
#include "password.h"
#include "quantity.h"
#include "sink.h"
#include "status.h"
#include "stop.h"
#include "store.h"
#include "store_options.h"
#include "variable.h"
#include "version.h"

enum {
	PORT = 5672,
	PORT_TLS = 5671,
	PORT_MAX = 65535,
	ROWS = 1000,
	LINGER_MS = 20
};

static void
usage(FILE *to)
{
	fputs("usage: amqp-publish [-hmTtV] [-b rows] [-c file] [-e exchange] "
	      "[-g seconds] [-H host] [-k key] [-l seconds] [-M size] "
	      "[-P file] [-p port] [-r file] [-S when] [-s directory] "
	      "[-u user] [-v vhost]\n",
	    to);
}

static int
port(const char *argument)
{
	int64_t n;

	if (quantity_number(argument, 1, PORT_MAX, &n) == -1)
		die(STATUS_USAGE, "'%s' is not a port", argument);
	return (int)n;
}

/* --- options */

static const char * or (const char *value, const char *otherwise)
{
	return value != NULL ? value : otherwise;
}

static void
from_environment(struct exchange *e)
{
	const char *number = variable("RABBITMQ_PORT");

	e->host = or (variable("RABBITMQ_HOST"), "localhost");
	e->username = or (variable("RABBITMQ_USERNAME"), "guest");
	e->password = or (variable("RABBITMQ_PASSWORD"), "guest");
	e->vhost = or (variable("RABBITMQ_VHOST"), "/");
	e->port = number == NULL ? 0 : port(number);
	e->name = "twitch_chat";
	e->ca_file = "/etc/ssl/certs/ca-certificates.crt";
}

/* Take option `c`. Returns false if it is none about the broker. */
static bool
take_exchange(struct exchange *e, int c, const char *argument)
{
	switch (c) {
	case 'c':
		e->ca_file = argument;
		return true;
	case 'e':
		e->name = argument;
		return true;
	case 'H':
		e->host = argument;
		return true;
	case 'p':
		e->port = port(argument);
		return true;
	case 'P':
		e->password = password_read(argument);
		return true;
	case 't':
		e->tls = true;
		return true;
	case 'T':
		e->transient = true;
		return true;
	case 'u':
		e->username = argument;
		return true;
	case 'v':
		e->vhost = argument;
		return true;
	default:
		return false;
	}
}

static const struct option names[] = {SINK_OPTION_NAMES, STORE_OPTION_NAMES,
    {"ca", required_argument, NULL, 'c'},
    {"exchange", required_argument, NULL, 'e'},
    {"help", no_argument, NULL, 'h'}, {"host", required_argument, NULL, 'H'},
    {"key", required_argument, NULL, 'k'},
    {"mandatory", no_argument, NULL, 'm'},
    {"port", required_argument, NULL, 'p'},
    {"password-file", required_argument, NULL, 'P'},
    {"tls", no_argument, NULL, 't'}, {"transient", no_argument, NULL, 'T'},
    {"user", required_argument, NULL, 'u'},
    {"vhost", required_argument, NULL, 'v'},
    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};

/* Returns the template of the key. */
static const char *
parse_options(struct amqp_store *s, struct store *st, int argc, char **argv)
{
	const char *key = "chat.{channel|}";
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS STORE_OPTION_LETTERS
		    "c:e:hH:k:mp:P:tTu:v:V",
		    names, NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg) ||
		    take_exchange(&s->exchange, c, optarg))
			continue;
		switch (c) {
		case 'h':
			usage(stdout);
			exit(STATUS_OK);
		case 'k':
			key = optarg;
			break;
		case 'm':
			s->mandatory = true;
			break;
		case 'V':
			printf("amqp-publish %s\n", VERSION);
			exit(STATUS_OK);
		default:
			usage(stderr);
			exit(STATUS_USAGE);
		}
	}
	if (optind != argc) {
		usage(stderr);
		exit(STATUS_USAGE);
	}
	if (s->exchange.port == 0)
		s->exchange.port = s->exchange.tls ? PORT_TLS : PORT;
	return key;
}

int
main(int argc, char **argv)
{
	static struct amqp_store amqp;
	static struct sink sink = {.program = "amqp-publish"};
	static struct store store = {
	    .ops = &amqp_store_ops, .store = &amqp, .sink = &sink};
	const char *key;
	enum status status;

	log_open(sink.program);
	sink_options_open(&sink.options);
	store_options_open(&store);
	store.rows_max = ROWS;
	store.linger = LINGER_MS;
	from_environment(&amqp.exchange);
	key = parse_options(&amqp, &store, argc, argv);
	sink.destination = amqp.exchange.name;
	stop_on_signals(sink_options_alarm(&sink.options));
	if (amqp_store_open(&amqp, key, store.rows_max) == -1)
		die(STATUS_USAGE, "%s", amqp.label.why);
	if (store_open(&store) == -1)
		die(store.status, "%s", store.why);
	status = sink_run(&sink, STDIN_FILENO);
	store_close(&store);
	return status;
}
