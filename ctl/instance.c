#include "instance.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dirs.h"
#include "log.h"
#include "status.h"

enum { NAME_MAX_LEN = 32 };

static bool
usable(const char *name)
{
	static const char *const taken[] = {
	    "accounts", "ctl", "metrics", "run", "spool"};
	size_t len = strspn(name,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_");

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(name, taken[i]) == 0)
			return false;
	return len >= 1 && len <= NAME_MAX_LEN && name[len] == '\0';
}

void
instance_select(const char *name)
{
	char run[DIRS_PATH_MAX], state[DIRS_PATH_MAX], login[DIRS_PATH_MAX];

	if (!usable(name))
		die(STATUS_USAGE, "'%s' cannot name a pipeline", name);
	if (dirs_login(NULL, login) == -1 || dirs_run(name, run) == -1 ||
	    dirs_state(name, state) == -1 ||
	    setenv("TWITCH_LOGIN_DIR", login, 1) == -1 ||
	    setenv("TWITCH_RUN_DIR", run, 1) == -1 ||
	    setenv("TWITCH_STATE_DIR", state, 1) == -1)
		die(STATUS_USAGE, "no directories for pipeline '%s': %s", name,
		    strerror(errno));
}
