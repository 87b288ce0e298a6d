#include "tls.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "atomic.h"
#include "log.h"
#include "status.h"

enum { VALID_SECONDS = 30 * 24 * 3600 };

/* Both structs are OpenSSL's own under our names. */
static SSL_CTX *
context_of(struct tls_server *server)
{
	return (SSL_CTX *)server;
}

static SSL *
ssl_of(struct tls *tls)
{
	return (SSL *)tls;
}

static _Noreturn void
fail(const char *what)
{
	die(STATUS_FAILED, "cannot %s: %s", what,
	    ERR_error_string(ERR_get_error(), NULL));
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (ext == NULL || X509_add_ext(cert, ext, -1) != 1)
		fail("make a certificate");
	X509_EXTENSION_free(ext);
}

static X509 *
make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name;

	if (cert == NULL)
		fail("make a certificate");
	name = X509_get_subject_name(cert);
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), VALID_SECONDS);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(cert, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
	if (X509_sign(cert, key, EVP_sha256()) == 0)
		fail("sign a certificate");
	return cert;
}

static void
write_certificate(X509 *cert, const char *path)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct slice pem;
	char *bytes;

	if (bio == NULL || PEM_write_bio_X509(bio, cert) != 1)
		fail("write a certificate");
	pem.len = (size_t)BIO_get_mem_data(bio, &bytes);
	pem.p = bytes;
	if (atomic_write(path, pem, false) == -1)
		die(STATUS_FAILED, "cannot write '%s': %s", path,
		    strerror(errno));
	BIO_free(bio);
}

struct tls_server *
tls_server_new(const char *cert_file)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert;

	if (context == NULL || key == NULL)
		fail("set up TLS");
	cert = make_certificate(key);
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(context,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	if (SSL_CTX_use_certificate(context, cert) != 1 ||
	    SSL_CTX_use_PrivateKey(context, key) != 1)
		fail("set up TLS");
	if (cert_file != NULL)
		write_certificate(cert, cert_file);
	X509_free(cert);
	EVP_PKEY_free(key);
	return (struct tls_server *)context;
}

void
tls_server_free(struct tls_server *server)
{
	SSL_CTX_free(context_of(server));
}

struct tls *
tls_new(struct tls_server *server, int fd)
{
	SSL *ssl = SSL_new(context_of(server));

	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1)
		fail("set up TLS");
	SSL_set_accept_state(ssl);
	return (struct tls *)ssl;
}

void
tls_free(struct tls *tls)
{
	SSL_free(ssl_of(tls));
}

/* What a call that moved n bytes, or none, is in terms of read(2). */
static ssize_t
result(struct tls *tls, int n)
{
	if (n > 0)
		return n;
	switch (SSL_get_error(ssl_of(tls), n)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		errno = EPROTO;
		return -1;
	}
}

ssize_t
tls_read(struct tls *tls, void *bytes, size_t n)
{
	ERR_clear_error();
	return result(tls,
	    SSL_read(ssl_of(tls), bytes, n < INT_MAX ? (int)n : INT_MAX));
}

ssize_t
tls_write(struct tls *tls, const void *bytes, size_t n)
{
	ERR_clear_error();
	return result(tls,
	    SSL_write(ssl_of(tls), bytes, n < INT_MAX ? (int)n : INT_MAX));
}

void
tls_end(struct tls *tls)
{
	ERR_clear_error();
	SSL_shutdown(ssl_of(tls));
}
