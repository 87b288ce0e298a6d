#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "status.h"

/* Keep the newest session for the next connection. */
static int
on_session(SSL *ssl, SSL_SESSION *session)
{
	struct tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	SSL_SESSION_free(tls->session);
	tls->session = session;
	return 1;
}

int
tls_open(struct tls *tls, const char *ca_file, const char **why)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	int trusted;

	*tls = (struct tls){.context = context};
	if (context == NULL) {
		*why = "out of memory";
		return -1;
	}
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(context,
	    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_app_data(context, tls);
	SSL_CTX_set_session_cache_mode(context,
	    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
	SSL_CTX_sess_set_new_cb(context, on_session);
	trusted = ca_file == NULL ?
	    SSL_CTX_set_default_verify_paths(context) :
	    SSL_CTX_load_verify_locations(context, ca_file, NULL);
	if (trusted == 1)
		return 0;
	*why = ERR_reason_error_string(ERR_peek_last_error());
	if (*why == NULL)
		*why = strerror(errno);
	tls_close(tls);
	return -1;
}

void
tls_close(struct tls *tls)
{
	SSL_SESSION_free(tls->session);
	SSL_CTX_free(tls->context);
	*tls = (struct tls){.context = NULL};
}

/* Demand a certificate for this host, a name or an IP address. */
static bool
expect_host(SSL *ssl, const char *host)
{
	if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1)
		return true;
	return SSL_set1_host(ssl, host) == 1 &&
	    SSL_set_tlsext_host_name(ssl, host) == 1;
}

void
stream_open(struct stream *s, int fd, struct tls *tls, const char *host)
{
	SSL *ssl;

	*s = (struct stream){.fd = fd};
	if (tls == NULL)
		return;
	ssl = SSL_new(tls->context);
	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || !expect_host(ssl, host))
		die(STATUS_FAILED, "out of memory");
	if (tls->session != NULL)
		SSL_set_session(ssl, tls->session);
	SSL_set_connect_state(ssl);
	s->ssl = ssl;
}

void
stream_close(struct stream *s)
{
	if (s->fd == -1)
		return;
	if (s->ssl != NULL) {
		ERR_clear_error();
		if (SSL_is_init_finished(s->ssl))
			SSL_shutdown(s->ssl);
		SSL_free(s->ssl);
	}
	close(s->fd);
	*s = (struct stream){.fd = -1};
}

/* What a failed call of OpenSSL's means. */
static int
tls_error(struct stream *s, int result)
{
	int saved = errno;
	long verify = SSL_get_verify_result(s->ssl);
	unsigned long code;

	s->wants_write = false;
	switch (SSL_get_error(s->ssl, result)) {
	case SSL_ERROR_WANT_WRITE:
		s->wants_write = true;
		return STREAM_AGAIN;
	case SSL_ERROR_WANT_READ:
		return STREAM_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	}
	code = ERR_peek_error();
	if (verify != X509_V_OK)
		s->why = X509_verify_cert_error_string(verify);
	else if (code != 0)
		s->why = ERR_reason_error_string(code);
	else
		s->why = saved != 0 ? strerror(saved) : "end of stream";
	return STREAM_ERROR;
}

static ssize_t
plain_error(struct stream *s)
{
	if (errno == EAGAIN || errno == EINTR)
		return STREAM_AGAIN;
	s->why = strerror(errno);
	return STREAM_ERROR;
}

int
stream_handshake(struct stream *s)
{
	int n;

	if (s->ssl == NULL)
		return 1;
	ERR_clear_error();
	n = SSL_do_handshake(s->ssl);
	if (n == 1) {
		s->wants_write = false;
		return 1;
	}
	n = tls_error(s, n);
	if (n != 0)
		return n;
	s->why = "end of stream";
	return STREAM_ERROR;
}

ssize_t
stream_recv(struct stream *s, char *p, size_t n)
{
	ssize_t got;

	if (s->ssl == NULL) {
		got = recv(s->fd, p, n, 0);
		return got == -1 ? plain_error(s) : got;
	}
	ERR_clear_error();
	got = SSL_read(s->ssl, p, n > INT_MAX ? INT_MAX : (int)n);
	return got > 0 ? got : tls_error(s, (int)got);
}

ssize_t
stream_send(struct stream *s, const char *p, size_t n)
{
	ssize_t put;

	if (s->ssl == NULL) {
		put = send(s->fd, p, n, MSG_NOSIGNAL);
		return put == -1 ? plain_error(s) : put;
	}
	ERR_clear_error();
	put = SSL_write(s->ssl, p, n > INT_MAX ? INT_MAX : (int)n);
	if (put <= 0)
		return tls_error(s, (int)put);
	s->wants_write = false;
	return put;
}

bool
stream_pending(const struct stream *s)
{
	return s->ssl != NULL && SSL_has_pending(s->ssl);
}
