#ifndef LIB_LISTEN_H
#define LIB_LISTEN_H

/*
 * A TCP socket that listens at `where`: PORT alone, which means 127.0.0.1,
 * or ADDRESS:PORT with an IPv4 address, localhost, or an IPv6 address in
 * brackets. Port 0 is any that is free. Returns the descriptor, the caller
 * closes; or -1 with errno set, EINVAL when `where` is not such a place.
 */
int listen_open(const char *where);

/* The port that the socket listens on, or -1 with errno set. */
int listen_port(int fd);

#endif
