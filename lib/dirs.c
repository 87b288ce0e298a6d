#include "dirs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "variable.h"

int
dirs_make(const char *path)
{
	char part[DIRS_PATH_MAX];
	struct stat st;
	size_t len = strlen(path);

	if (len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, len + 1);
	for (char *p = part; *p != '\0'; p++) {
		if (*p != '/' || p == part)
			continue;
		*p = '\0';
		if (mkdir(part, 0700) == -1 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	if (mkdir(part, 0700) == 0)
		return 0;
	if (errno != EEXIST || stat(part, &st) == -1)
		return -1;
	if (S_ISDIR(st.st_mode))
		return 0;
	errno = ENOTDIR;
	return -1;
}

/* dir/sub/name into path; sub and name may be NULL. Returns its length. */
static int
locate(char *path, const char *dir, const char *sub, const char *name)
{
	int n = snprintf(path, DIRS_PATH_MAX, "%s%s%s%s%s", dir,
	    sub == NULL ? "" : "/", sub == NULL ? "" : sub,
	    name == NULL ? "" : "/", name == NULL ? "" : name);

	if (n >= 0 && n < DIRS_PATH_MAX)
		return n;
	errno = ENAMETOOLONG;
	return -1;
}

/* The same, dir/sub being made. */
static int
join(char *path, const char *dir, const char *sub, const char *name)
{
	if (locate(path, dir, sub, NULL) == -1 || dirs_make(path) == -1)
		return -1;
	return locate(path, dir, sub, name) == -1 ? -1 : 0;
}

/* The state directory is the folder *sub of the one returned; or NULL. */
static const char *
state_dir(const char **sub)
{
	const char *dir;

	*sub = NULL;
	if ((dir = variable("TWITCH_STATE_DIR")) != NULL)
		return dir;
	*sub = "twitch-ingest";
	if ((dir = variable("XDG_STATE_HOME")) != NULL)
		return dir;
	if (geteuid() == 0)
		return "/var/lib";
	*sub = ".local/state/twitch-ingest";
	return variable("HOME");
}

int
dirs_state(const char *name, char path[DIRS_PATH_MAX])
{
	const char *sub, *dir = state_dir(&sub);

	if (dir != NULL)
		return join(path, dir, sub, name);
	errno = ENOENT;
	return -1;
}

/* True for a directory of ours that others cannot put anything into. */
static bool
is_ours(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 022) == 0;
}

/*
 * The directory of the user's session, or NULL. cron does not say where it
 * is, and su says where another user's is.
 */
static const char *
session_dir(char usual[DIRS_PATH_MAX])
{
	const char *said = variable("XDG_RUNTIME_DIR");

	if (said != NULL && is_ours(said))
		return said;
	snprintf(usual, DIRS_PATH_MAX, "/run/user/%ju", (uintmax_t)geteuid());
	return is_ours(usual) ? usual : NULL;
}

int
dirs_run(const char *name, char path[DIRS_PATH_MAX])
{
	char usual[DIRS_PATH_MAX], lasting[DIRS_PATH_MAX];
	const char *dir, *sub, *state;

	if ((dir = variable("TWITCH_RUN_DIR")) != NULL)
		return join(path, dir, NULL, name);
	if (geteuid() == 0)
		return join(path, "/run", "twitch-ingest", name);
	dir = session_dir(usual);
	state = state_dir(&sub);
	/* What began without a session is looked for there in one, too. */
	if (state != NULL && locate(lasting, state, sub, "run") != -1 &&
	    (dir == NULL || access(lasting, F_OK) == 0))
		return join(path, lasting, NULL, name);
	if (dir != NULL)
		return join(path, dir, "twitch-ingest", name);
	errno = ENOENT;
	return -1;
}

int
dirs_login(const char *name, char path[DIRS_PATH_MAX])
{
	const char *dir = variable("TWITCH_LOGIN_DIR");

	return dir == NULL ? dirs_state(name, path) :
			     join(path, dir, NULL, name);
}
