#include "upgrade.h"

#include <stdio.h>
#include <strings.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

/* RFC 6455 section 1.3. */
static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

enum {
	KEY_LEN = 24, /* 16 bytes in base64 */
	ACCEPT_SIZE = 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1
};

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 &&
	    (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t' ||
		s.p[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static bool
same(struct slice a, const char *b)
{
	return a.len == strlen(b) && strncasecmp(a.p, b, a.len) == 0;
}

/* Cut s at the first `at`; what follows goes to rest. False if none. */
static bool
cut(struct slice *s, char at, struct slice *rest)
{
	const char *p = memchr(s->p, at, s->len);

	if (p == NULL)
		return false;
	*rest = (struct slice){p + 1, s->len - (size_t)(p - s->p) - 1};
	s->len = (size_t)(p - s->p);
	return true;
}

/* The value of a header field; p is NULL if the request has none. */
static struct slice
field(struct slice request, const char *name)
{
	struct slice line = request, rest, value;

	while (cut(&line, '\n', &rest)) {
		if (cut(&line, ':', &value) && same(line, name))
			return trim(value);
		line = rest;
	}
	return (struct slice){NULL, 0};
}

/* True if the comma-separated list has the token, in any case. */
static bool
has_token(struct slice list, const char *token)
{
	struct slice rest = {NULL, 0};
	bool more = true;

	while (list.p != NULL && more) {
		more = cut(&list, ',', &rest);
		if (same(trim(list), token))
			return true;
		list = rest;
	}
	return false;
}

/* RFC 6455 section 4.2.2, /accept-key/. */
static void
accept_key(struct slice key, char accept[ACCEPT_SIZE])
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	char text[KEY_LEN + sizeof(guid)];
	int n = snprintf(text, sizeof(text), "%.*s%s", KEY_LEN, key.p, guid);

	SHA1((const unsigned char *)text, (size_t)n, digest);
	EVP_EncodeBlock((unsigned char *)accept, digest, sizeof(digest));
}

static const char *
reason(int status)
{
	switch (status) {
	case 301:
		return "Moved Permanently";
	case 302:
		return "Found";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 405:
		return "Method Not Allowed";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Refused";
	}
}

void
upgrade_refuse(int status, const char *location,
    char answer[UPGRADE_ANSWER_MAX])
{
	snprintf(answer, UPGRADE_ANSWER_MAX,
	    "HTTP/1.1 %d %s\r\n"
	    "Content-Length: 0\r\n"
	    "%s%s%s%s"
	    "Connection: close\r\n\r\n",
	    status, reason(status), location != NULL ? "Location: " : "",
	    location != NULL ? location : "", location != NULL ? "\r\n" : "",
	    status == 426 ? "Sec-WebSocket-Version: 13\r\n" : "");
}

static int
judge(struct slice request, struct slice *key)
{
	struct slice line = request, rest;
	static const char end[] = " HTTP/1.1\r";
	size_t n = sizeof(end) - 1;

	if (!cut(&line, '\n', &rest) || line.len < n + 5 ||
	    memcmp(line.p + line.len - n, end, n) != 0)
		return 400;
	if (memcmp(line.p, "GET /", 5) != 0)
		return 405;
	*key = field(rest, "Sec-WebSocket-Key");
	if (field(rest, "Host").p == NULL || key->len != KEY_LEN ||
	    !has_token(field(rest, "Upgrade"), "websocket") ||
	    !has_token(field(rest, "Connection"), "upgrade"))
		return 400;
	if (!same(field(rest, "Sec-WebSocket-Version"), "13"))
		return 426;
	return 101;
}

int
upgrade_answer(struct slice request, char answer[UPGRADE_ANSWER_MAX])
{
	char accept[ACCEPT_SIZE];
	struct slice key;
	int status = judge(request, &key);

	if (status != 101) {
		upgrade_refuse(status, NULL, answer);
		return status;
	}
	accept_key(key, accept);
	snprintf(answer, UPGRADE_ANSWER_MAX,
	    "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\n"
	    "Connection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: %s\r\n\r\n",
	    accept);
	return status;
}
