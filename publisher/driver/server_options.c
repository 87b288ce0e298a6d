#include "server_options.h"

#include <stdint.h>
#include <string.h>

#include "log.h"
#include "password.h"
#include "quantity.h"
#include "status.h"
#include "variable.h"

enum { PORT_MAX = 65535 };

static int
port(const char *argument)
{
	int64_t n;

	if (quantity_number(argument, 1, PORT_MAX, &n) == -1)
		die(STATUS_USAGE, "'%s' is not a port", argument);
	return (int)n;
}

/* As in a URL, where twitch-ingest has it from, or as getaddrinfo(3) wants. */
static const char *
host(const char *argument)
{
	size_t len = strlen(argument);
	char *inner;

	if (len < 2 || argument[0] != '[' || argument[len - 1] != ']')
		return argument;
	inner = strndup(argument + 1, len - 2);
	if (inner == NULL)
		die(STATUS_FAILED, "out of memory");
	return inner;
}

void
server_options_open(struct server_options *o, const char *host_variable,
    const char *port_variable)
{
	const char *number = variable(port_variable);

	*o = (struct server_options){
	    .host = host(variable_or(host_variable, "localhost")),
	    .port = number == NULL ? 0 : port(number)};
}

bool
server_options_take(struct server_options *o, int c, const char *argument)
{
	switch (c) {
	case 'c':
		o->ca_file = argument;
		o->tls = true;
		return true;
	case 'H':
		o->host = host(argument);
		return true;
	case 'P':
		o->password = password_read(argument);
		return true;
	case 'p':
		o->port = port(argument);
		return true;
	case 't':
		o->tls = true;
		return true;
	case 'u':
		o->user = argument;
		return true;
	default:
		return false;
	}
}

void
server_options_port(struct server_options *o, int plain, int secure)
{
	if (o->port == 0)
		o->port = o->tls ? secure : plain;
}
