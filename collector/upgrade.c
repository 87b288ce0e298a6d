#include "upgrade.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <strings.h>

#include "random.h"
#include "version.h"

enum { SHA1_SIZE = 20, ACCEPT_MAX = 29 };

static void
base64(const unsigned char *in, int n, char *out)
{
	EVP_EncodeBlock((unsigned char *)out, in, n);
}

void
upgrade_key(char key[UPGRADE_KEY_MAX])
{
	unsigned char nonce[16];

	random_bytes(nonce, sizeof(nonce));
	base64(nonce, sizeof(nonce), key);
}

int
upgrade_request(const char *authority, bool tls, const char *path,
    const char *key, char out[UPGRADE_REQUEST_MAX])
{
	int n = snprintf(out, UPGRADE_REQUEST_MAX,
	    "GET %s HTTP/1.1\r\n"
	    "Host: %s\r\n"
	    "Upgrade: websocket\r\n"
	    "Connection: Upgrade\r\n"
	    "Sec-WebSocket-Key: %s\r\n"
	    "Sec-WebSocket-Version: 13\r\n"
	    "Origin: %s://%s\r\n"
	    "User-Agent: ws-reader/" VERSION "\r\n"
	    "\r\n",
	    path, authority, key, tls ? "https" : "http", authority);

	return n < UPGRADE_REQUEST_MAX ? n : -1;
}

/* What the server must answer to the key: section 4.2.2, step 5.4. */
static void
accept_value(const char *key, char out[ACCEPT_MAX])
{
	char text[128];
	unsigned char digest[SHA1_SIZE];
	int n = snprintf(text, sizeof(text),
	    "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);

	EVP_Digest(text, (size_t)n, digest, NULL, EVP_sha1(), NULL);
	base64(digest, sizeof(digest), out);
}

static bool
same_word(struct slice a, const char *b)
{
	return a.len == strlen(b) && strncasecmp(a.p, b, a.len) == 0;
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* The value of a header field of this head; empty when it has none. */
static struct slice
field(struct slice head, const char *name)
{
	const char *p = head.p, *end = head.p + head.len;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *eol = lf == NULL ? end : lf;
		const char *colon = memchr(p, ':', (size_t)(eol - p));
		struct slice value;

		if (colon != NULL &&
		    same_word((struct slice){p, (size_t)(colon - p)}, name)) {
			value.p = colon + 1;
			value.len = (size_t)(eol - value.p);
			if (value.len > 0 && value.p[value.len - 1] == '\r')
				value.len--;
			return trim(value);
		}
		p = lf == NULL ? end : lf + 1;
	}
	return SLICE("");
}

/* True if a comma list holds the word. */
static bool
has_word(struct slice list, const char *word)
{
	while (list.len > 0) {
		const char *comma = memchr(list.p, ',', list.len);
		size_t n = comma == NULL ? list.len : (size_t)(comma - list.p);

		if (same_word(trim((struct slice){list.p, n}), word))
			return true;
		n += comma != NULL;
		list = (struct slice){list.p + n, list.len - n};
	}
	return false;
}

static const char *
check(struct slice head, int status, const char *key)
{
	char accept[ACCEPT_MAX];

	if (status != 101)
		return "the server refuses the upgrade";
	if (!has_word(field(head, "Upgrade"), "websocket") ||
	    !has_word(field(head, "Connection"), "upgrade"))
		return "the server upgrades to something else";
	accept_value(key, accept);
	if (!slice_eq(field(head, "Sec-WebSocket-Accept"), slice_of(accept)))
		return "the server's Sec-WebSocket-Accept is wrong";
	if (field(head, "Sec-WebSocket-Extensions").len > 0)
		return "the server uses an extension nobody asked for";
	return NULL;
}

/* The status of "HTTP/1.x NNN ", 0 when it is none, -1 when it is cut off. */
static int
status_line(struct slice bytes)
{
	static const char shape[] = "HTTP/1.d ddd";
	int status = 0;

	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (i == bytes.len)
			return -1;
		if (shape[i] != 'd' && bytes.p[i] != shape[i])
			return 0;
		if (shape[i] == 'd' && (bytes.p[i] < '0' || bytes.p[i] > '9'))
			return 0;
		if (i > 8)
			status = 10 * status + (bytes.p[i] - '0');
	}
	return status;
}

bool
upgrade_answer(struct slice bytes, const char *key,
    struct upgrade_answer *answer)
{
	int status = status_line(bytes);
	const char *end = memmem(bytes.p, bytes.len, "\r\n\r\n", 4);

	*answer = (struct upgrade_answer){.location = SLICE("")};
	if (status == 0) {
		answer->wrong = "the server does not speak HTTP";
		return true;
	}
	if (end == NULL || status == -1) {
		if (bytes.len < UPGRADE_ANSWER_MAX)
			return false;
		answer->wrong = "the server's answer does not end";
		return true;
	}
	bytes.len = (size_t)(end - bytes.p);
	answer->length = bytes.len + 4;
	answer->status = status;
	if (status >= 300 && status < 400)
		answer->location = field(bytes, "Location");
	answer->wrong = check(bytes, status, key);
	return true;
}
