#include "guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "secret.h"
#include "status.h"

enum { TOKEN_MIN = 16, TOKEN_MAX = 1024, HOST_MAX = 255 };

/* True for the characters of a token in a header (RFC 6750, section 2.1). */
static bool
is_token(const char *s)
{
	size_t len = strspn(s,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-._~+/");

	len += strspn(s + len, "=");
	return len >= TOKEN_MIN && s[len] == '\0';
}

void
guard_open(struct guard *g, const char *path)
{
	char why[SECRET_WHY_MAX];
	size_t len;

	g->token = secret_read(path, TOKEN_MAX, &len);
	if (g->token == NULL)
		die(STATUS_USAGE, "%s", secret_why(path, errno, why));
	while (len > 0 && strchr(" \t\r\n", g->token[len - 1]) != NULL)
		g->token[--len] = '\0';
	if (strlen(g->token) != len || !is_token(g->token))
		die(STATUS_USAGE,
		    "'%s' holds no token: %d characters or more of "
		    "A-Z a-z 0-9 - . _ ~ + / and = at the end",
		    path, TOKEN_MIN);
}

void
guard_close(struct guard *g)
{
	secret_free(g->token);
	g->token = NULL;
}

bool
guard_token(const struct guard *g, const struct httpd_request *r)
{
	static const char scheme[] = "Bearer ";
	const char *shown = httpd_header(r, "Authorization");
	size_t len;

	if (g->token == NULL)
		return true;
	if (shown == NULL ||
	    strncasecmp(shown, scheme, sizeof(scheme) - 1) != 0)
		return false;
	shown += sizeof(scheme) - 1;
	len = strlen(g->token);
	/* How long the token is may be known, what it is must take no time. */
	return strlen(shown) == len && CRYPTO_memcmp(shown, g->token, len) == 0;
}

bool
guard_host(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	char name[HOST_MAX + 1];
	bool v6;
	size_t len;

	if (host == NULL)
		return true;
	v6 = *host == '[';
	host += v6;
	len = strcspn(host, v6 ? "]" : ":");
	if (len > HOST_MAX)
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	return inet_pton(v6 ? AF_INET6 : AF_INET, name, address) == 1 ||
	    strcasecmp(name, "localhost") == 0;
}

/* True if an Origin or a Referer is of our own pages. */
static bool
is_ours(const char *url, const char *host)
{
	size_t len = host == NULL ? 0 : strlen(host);

	if (strncmp(url, "http://", 7) == 0)
		url += 7;
	else if (strncmp(url, "https://", 8) == 0)
		url += 8;
	return len > 0 && strncasecmp(url, host, len) == 0 &&
	    (url[len] == '\0' || url[len] == '/');
}

/* Every browser calls itself so, and no page can make it say otherwise. */
static bool
is_browser(const struct httpd_request *r)
{
	const char *agent = httpd_header(r, "User-Agent");

	return agent != NULL && strncmp(agent, "Mozilla/", 8) == 0;
}

bool
guard_origin(const struct httpd_request *r)
{
	const char *site = httpd_header(r, "Sec-Fetch-Site");
	const char *origin = httpd_header(r, "Origin");
	const char *host = httpd_header(r, "Host");

	if (site != NULL && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return false;
	if (origin == NULL)
		origin = httpd_header(r, "Referer");
	if (origin != NULL)
		return is_ours(origin, host);
	return site != NULL || !is_browser(r);
}
