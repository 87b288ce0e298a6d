#ifndef OAUTH_COMMANDS_H
#define OAUTH_COMMANDS_H

#include <stdbool.h>

#include "status.h"

/* The options of all commands, at their defaults where they were not given. */
struct settings {
	bool application, browser, refused;
	const char *ca_file; /* NULL: the system's certificates */
	const char *listen;  /* [HOST:]PORT */
	const char *name;    /* NULL: the person's login */
	const char *scopes;
};

/*
 * The commands of twitch-oauth(1). args holds what followed the name, as many
 * as the table in twitch-oauth.c allows, the last one NULL. Each returns the
 * status to exit with, having logged why if it is not STATUS_OK.
 */
enum status client_command(const struct settings *s, char **args);
enum status login_command(const struct settings *s, char **args);
enum status token_command(const struct settings *s, char **args);
enum status headers_command(const struct settings *s, char **args);
enum status validate_command(const struct settings *s, char **args);
enum status revoke_command(const struct settings *s, char **args);
enum status import_command(const struct settings *s, char **args);
enum status list_command(const struct settings *s, char **args);
enum status serve_command(const struct settings *s, char **args);

#endif
