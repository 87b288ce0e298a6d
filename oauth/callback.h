#ifndef OAUTH_CALLBACK_H
#define OAUTH_CALLBACK_H

#include "commands.h"
#include "status.h"

/*
 * The authorization-code flow (RFC 6749, 4.1): a page that sends the person's
 * browser to Twitch, and the one Twitch sends it back to. login --browser
 * serves them until one person has logged in, and keeps the account under
 * that name, or, when it is NULL, the person's login.
 */
enum status callback_login(const struct settings *s, const char *name);

#endif
