#ifndef SIM_TLS_H
#define SIM_TLS_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The server's end of TLS over a non-blocking socket. The only file that
 * knows the TLS library.
 */
struct tls_server; /* a certificate and its key */
struct tls;        /* one connection */

/*
 * Make a key and a self-signed certificate for localhost and 127.0.0.1, and
 * write the certificate (PEM) to cert_file unless that is NULL. Ends the
 * program when it cannot. tls_server_free frees it.
 */
struct tls_server *tls_server_new(const char *cert_file);
void tls_server_free(struct tls_server *server);

/* A connection on fd, which stays the caller's. tls_free frees it. */
struct tls *tls_new(struct tls_server *server, int fd);
void tls_free(struct tls *tls);

/*
 * As read(2) and write(2) on the socket, errno EAGAIN included; EPROTO is a
 * failure of TLS. The handshake is made on the way.
 */
ssize_t tls_read(struct tls *tls, void *bytes, size_t n);
ssize_t tls_write(struct tls *tls, const void *bytes, size_t n);

/* Tell the peer that no more will be written (RFC 8446 section 6.1). */
void tls_end(struct tls *tls);

#endif
