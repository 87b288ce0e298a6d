#ifndef COLLECTOR_LOGIN_H
#define COLLECTOR_LOGIN_H

#include <stdbool.h>

#include "slice.h"

/*
 * The words of logging in: CAP REQ, PASS, NICK (the Twitch IRC guide; RFC
 * 1459, section 4.1).
 */
enum { LOGIN_NICK_MAX = 32, LOGIN_TOKEN_MAX = 256, LOGIN_LINE_MAX = 512 };

/* An anonymous nick: justinfan and digits, a new one each time. */
void login_anonymous(char nick[LOGIN_NICK_MAX]);

/*
 * A token as a person or a program hands it over: white space around it and
 * the prefix oauth: are taken off. Returns 0 and the bare token, or -1 when
 * it is empty, too long, or holds anything but letters and digits, which
 * could break out of the PASS line.
 */
int login_token(struct slice given, char token[LOGIN_TOKEN_MAX]);

/*
 * The lines to send, in order, each with its CR LF: line 0, 1, … into out.
 * False when there is no such line. token is NULL for an anonymous login.
 */
bool login_line(int n, bool membership, const char *token, const char *nick,
    char out[LOGIN_LINE_MAX]);

/*
 * What a server wants to hear that does not know Twitch's capabilities: an
 * end to the negotiation, and a USER (RFC 1459, section 4.1.3). One after the
 * other as login_line gives its own.
 */
bool login_plain(int n, const char *nick, char out[LOGIN_LINE_MAX]);

/* True if a NOTICE before the welcome says that the login was refused. */
bool login_refused(struct slice notice);

#endif
