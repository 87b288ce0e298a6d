#include "login.h"

#include <stdio.h>
#include <strings.h>

#include "random.h"

void
login_anonymous(char nick[LOGIN_NICK_MAX])
{
	snprintf(nick, LOGIN_NICK_MAX, "justinfan%u",
	    (unsigned)(10000 + random_below(90000000)));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_token_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

int
login_token(struct slice given, char token[LOGIN_TOKEN_MAX])
{
	while (given.len > 0 && is_space(given.p[0])) {
		given.p++;
		given.len--;
	}
	while (given.len > 0 && is_space(given.p[given.len - 1]))
		given.len--;
	if (given.len >= 6 && memcmp(given.p, "oauth:", 6) == 0) {
		given.p += 6;
		given.len -= 6;
	}
	if (given.len == 0 || given.len >= LOGIN_TOKEN_MAX)
		return -1;
	for (size_t i = 0; i < given.len; i++)
		if (!is_token_byte(given.p[i]))
			return -1;
	memcpy(token, given.p, given.len);
	token[given.len] = '\0';
	return 0;
}

bool
login_line(int n, bool membership, const char *token, const char *nick,
    char out[LOGIN_LINE_MAX])
{
	if (n > 0 && token == NULL)
		n++; /* an anonymous login has no PASS */
	switch (n) {
	case 0:
		snprintf(out, LOGIN_LINE_MAX,
		    "CAP REQ :twitch.tv/tags twitch.tv/commands%s\r\n",
		    membership ? " twitch.tv/membership" : "");
		return true;
	case 1:
		snprintf(out, LOGIN_LINE_MAX, "PASS oauth:%s\r\n", token);
		return true;
	case 2:
		snprintf(out, LOGIN_LINE_MAX, "NICK %s\r\n", nick);
		return true;
	default:
		return false;
	}
}

bool
login_plain(int n, const char *nick, char out[LOGIN_LINE_MAX])
{
	switch (n) {
	case 0:
		snprintf(out, LOGIN_LINE_MAX, "CAP END\r\n");
		return true;
	case 1:
		snprintf(out, LOGIN_LINE_MAX, "USER %s 0 * :%s\r\n", nick,
		    nick);
		return true;
	default:
		return false;
	}
}

bool
login_refused(struct slice notice)
{
	static const char *const texts[] = {"Login authentication failed",
	    "Login unsuccessful", "Improperly formatted auth", "Invalid NICK",
	    "Error logging in"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (notice.len == strlen(texts[i]) &&
		    strncasecmp(notice.p, texts[i], notice.len) == 0)
			return true;
	return false;
}
