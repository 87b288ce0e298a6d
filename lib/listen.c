#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quantity.h"

enum { HOST_MAX = 64 };

/* Split ADDRESS:PORT; an address that is missing is loopback's. */
static int
split(const char *where, char host[HOST_MAX], const char **port)
{
	const char *colon = strrchr(where, ':'), *from = where;
	size_t len = colon == NULL ? 0 : (size_t)(colon - where);
	int64_t number;

	*port = colon == NULL ? where : colon + 1;
	if (colon == NULL) {
		from = "127.0.0.1";
		len = strlen(from);
	} else if (len >= 2 && where[0] == '[' && colon[-1] == ']') {
		from++;
		len -= 2;
	}
	if (len == 0 || len >= HOST_MAX ||
	    quantity_number(*port, 0, 65535, &number) == -1)
		return -1;
	memcpy(host, from, len);
	host[len] = '\0';
	if (strcasecmp(host, "localhost") == 0)
		strcpy(host, "127.0.0.1");
	return 0;
}

static int
bind_to(const struct addrinfo *ai)
{
	int fd, saved;

	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) ==
		0 &&
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
listen_open(const char *where)
{
	static const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	};
	char host[HOST_MAX];
	struct addrinfo *ai;
	const char *port;
	int fd, saved;

	if (split(where, host, &port) == -1 ||
	    getaddrinfo(host, port, &hints, &ai) != 0) {
		errno = EINVAL;
		return -1;
	}
	fd = bind_to(ai);
	saved = errno;
	freeaddrinfo(ai);
	errno = saved;
	return fd;
}

int
listen_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.any, &len) == -1)
		return -1;
	return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port :
						   a.v4.sin_port);
}
