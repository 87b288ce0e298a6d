/* stream: TLS over a socket that is full for a while, or half gone. The test is the server,
   with a certificate made for the occasion. */

#include <check.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../collector/stream.h"

enum { TURNS = 20 };

static char text[16 * 1024]; /* a record at most */
static char ca_file[] = "/tmp/check_tls.XXXXXX";
static SSL_CTX *context;
static SSL *server;
static struct tls tls;
static struct stream stream;

static void
certify(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	FILE *file = fdopen(mkstemp(ca_file), "w");

	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	ck_assert_int_ne(X509_sign(cert, key, EVP_sha256()), 0);
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(PEM_write_X509(file, cert), 1);
	fclose(file);
	ck_assert_int_eq(SSL_CTX_use_certificate(context, cert), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(context, key), 1);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void
setup(void)
{
	const char *why;
	int fds[2];

	context = SSL_CTX_new(TLS_server_method());
	certify();
	ck_assert_int_eq(tls_open(&tls, ca_file, &why), 0);
	unlink(ca_file);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
			     fds),
	    0);
	stream_open(&stream, fds[0], &tls, "localhost");
	server = SSL_new(context);
	SSL_set_fd(server, fds[1]);
	for (int i = 0; i < TURNS && stream_handshake(&stream) != 1; i++)
		SSL_accept(server);
	ck_assert(SSL_is_init_finished(stream.ssl));
}

static void
teardown(void)
{
	int fd = SSL_get_fd(server);

	stream_close(&stream);
	tls_close(&tls);
	SSL_free(server);
	close(fd);
	SSL_CTX_free(context);
}

START_TEST(test_what_waited_for_room_waits_no_longer_once_it_is_sent)
{
	char block[sizeof(text)];
	ssize_t n;

	while ((n = stream_send(&stream, text, sizeof(text))) > 0)
		continue;
	ck_assert_int_eq(n, STREAM_AGAIN);
	ck_assert(stream.wants_write);
	SSL_accept(server);
	while (SSL_read(server, block, sizeof(block)) > 0)
		continue;
	ck_assert_int_gt(stream_send(&stream, text, sizeof(text)), 0);
	ck_assert(!stream.wants_write);
}
END_TEST

START_TEST(test_what_waits_is_read_though_nothing_can_be_sent)
{
	char block[sizeof(text)];

	ck_assert_int_eq(SSL_write(server, text, sizeof(text)), sizeof(text));
	ck_assert_int_eq(SSL_write(server, text, 100), 100);
	shutdown(SSL_get_fd(server), SHUT_RDWR);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(stream_send(&stream, "x", 1), STREAM_ERROR);
	ck_assert_str_eq(stream.why, "Broken pipe");
	ck_assert_int_eq(stream_recv(&stream, block, sizeof(block)),
	    sizeof(block));
	ck_assert_int_eq(stream_recv(&stream, block, sizeof(block)), 100);
	ck_assert_int_eq(stream_recv(&stream, block, sizeof(block)), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tls");
	TCase *tc = tcase_create("tls");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
	    test_what_waited_for_room_waits_no_longer_once_it_is_sent);
	tcase_add_test(tc, test_what_waits_is_read_though_nothing_can_be_sent);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
