#ifndef OAUTH_CALLBACK_H
#define OAUTH_CALLBACK_H

#include "commands.h"
#include "status.h"

/*
 * The authorization-code flow (RFC 6749, 4.1) for one person: serve its pages
 * until somebody has logged in, and keep the account under that name, or, when
 * it is NULL, the person's login.
 */
enum status callback_login(const struct settings *s, const char *name);

#endif
