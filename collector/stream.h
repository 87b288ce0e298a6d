#ifndef COLLECTOR_STREAM_H
#define COLLECTOR_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A connected socket, with TLS or without, never blocking. What is shared by
 * all connections is kept once: the trusted certificates, and the last TLS
 * session, which the next connection resumes.
 */
struct tls {
	void *context;
	void *session;
};

/*
 * ca_file holds the certificates to trust, NULL for the system's. Returns 0;
 * or -1, and *why says why.
 */
int tls_open(struct tls *tls, const char *ca_file, const char **why);
void tls_close(struct tls *tls);

struct stream {
	int fd; /* -1: not open */
	void *ssl;
	bool wants_write; /* TLS must write before it goes on */
	const char *why;  /* of the last STREAM_ERROR */
};

enum { STREAM_AGAIN = -1, STREAM_ERROR = -2 };

/*
 * Take over a connected non-blocking socket; tls is NULL for a plain one. The
 * server's certificate must be for this host.
 */
void stream_open(struct stream *s, int fd, struct tls *tls, const char *host);

/* Says goodbye, as far as that needs no waiting, and closes the socket. */
void stream_close(struct stream *s);

/* Go on with the TLS handshake: 1 when done, STREAM_AGAIN, STREAM_ERROR. */
int stream_handshake(struct stream *s);

/*
 * As read(2) and write(2): the number of bytes, 0 at the end of the stream,
 * STREAM_AGAIN when it would block, STREAM_ERROR. After STREAM_AGAIN wait for
 * what was wanted, or for writing if wants_write.
 */
ssize_t stream_recv(struct stream *s, char *p, size_t n);
ssize_t stream_send(struct stream *s, const char *p, size_t n);

/* True if bytes wait here that the descriptor does not show. */
bool stream_pending(const struct stream *s);

#endif
