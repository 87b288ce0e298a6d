/*
 * amqp-publish: records on standard input, one a line, to RabbitMQ.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "amqp/amqp_store.h"
#include "driver/sink.h"
#include "driver/store.h"
#include "driver/store_options.h"
#include "log.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

enum { PORT = 5672, PORT_TLS = 5671, ROWS = 1000, LINGER_MS = 20 };

static _Noreturn void
usage(enum status status)
{
	fputs("usage: amqp-publish [-hmTtV] [-b rows] [-c file] [-e exchange] "
	      "[-g seconds] [-H host] [-k key] [-l seconds] [-M size] "
	      "[-P file] [-p port] [-r file] [-S when] [-s directory] "
	      "[-u user] [-v vhost]\n",
	    status == STATUS_OK ? stdout : stderr);
	exit(status);
}

/* --- options */

static void
from_environment(struct exchange *e)
{
	server_options_open(&e->server, "RABBITMQ_HOST", "RABBITMQ_PORT");
	e->server.user = variable_or("RABBITMQ_USERNAME", "guest");
	e->server.password = variable_or("RABBITMQ_PASSWORD", "guest");
	e->server.ca_file = "/etc/ssl/certs/ca-certificates.crt";
	e->vhost = variable_or("RABBITMQ_VHOST", "/");
	e->name = "twitch_chat";
}

/* Take option `c`. Returns false if it is none about the exchange. */
static bool
take_exchange(struct exchange *e, int c, const char *argument)
{
	switch (c) {
	case 'e':
		e->name = argument;
		return true;
	case 'T':
		e->transient = true;
		return true;
	case 'v':
		e->vhost = argument;
		return true;
	default:
		return false;
	}
}

static const struct option names[] = {SINK_OPTION_NAMES, STORE_OPTION_NAMES,
    SERVER_OPTION_NAMES, {"exchange", required_argument, NULL, 'e'},
    {"help", no_argument, NULL, 'h'}, {"key", required_argument, NULL, 'k'},
    {"mandatory", no_argument, NULL, 'm'},
    {"transient", no_argument, NULL, 'T'},
    {"vhost", required_argument, NULL, 'v'},
    {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};

/* Returns the template of the key. */
static const char *
parse_options(struct amqp_store *s, struct store *st, int argc, char **argv)
{
	const char *key = "chat.{channel|}";
	int c;

	while ((c = getopt_long(argc, argv,
		    SINK_OPTION_LETTERS
			STORE_OPTION_LETTERS SERVER_OPTION_LETTERS "e:hk:mTv:V",
		    names, NULL)) != -1) {
		if (sink_options_take(&st->sink->options, c, optarg) ||
		    store_options_take(st, c, optarg) ||
		    server_options_take(&s->exchange.server, c, optarg) ||
		    take_exchange(&s->exchange, c, optarg))
			continue;
		switch (c) {
		case 'h':
			usage(STATUS_OK);
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
			usage(STATUS_USAGE);
		}
	}
	if (optind != argc)
		die(STATUS_USAGE, "'%s' is more than it takes: only options",
		    argv[optind]);
	server_options_port(&s->exchange.server, PORT, PORT_TLS);
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

	standard_hold();
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
	return store_run(&store, STDIN_FILENO);
}
