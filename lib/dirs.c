#include "dirs.h"

#include <errno.h>
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

/* dir/sub/name into path; sub and name may be NULL. */
static int
join(char *path, const char *dir, const char *sub, const char *name)
{
	int n = snprintf(path, DIRS_PATH_MAX, "%s%s%s", dir,
	    sub == NULL ? "" : "/", sub == NULL ? "" : sub);

	if (n < 0 || n >= DIRS_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (dirs_make(path) == -1)
		return -1;
	if (name == NULL)
		return 0;
	if ((size_t)n + 1 + strlen(name) >= DIRS_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	path[n] = '/';
	memcpy(path + n + 1, name, strlen(name) + 1);
	return 0;
}

int
dirs_run(const char *name, char path[DIRS_PATH_MAX])
{
	const char *dir;

	if ((dir = variable("TWITCH_RUN_DIR")) != NULL)
		return join(path, dir, NULL, name);
	if ((dir = variable("XDG_RUNTIME_DIR")) != NULL)
		return join(path, dir, "twitch-ingest", name);
	if (geteuid() == 0)
		return join(path, "/run", "twitch-ingest", name);
	errno = ENOENT;
	return -1;
}

int
dirs_state(const char *name, char path[DIRS_PATH_MAX])
{
	const char *dir;

	if ((dir = variable("TWITCH_STATE_DIR")) != NULL)
		return join(path, dir, NULL, name);
	if ((dir = variable("XDG_STATE_HOME")) != NULL)
		return join(path, dir, "twitch-ingest", name);
	if (geteuid() != 0 && (dir = variable("HOME")) != NULL)
		return join(path, dir, ".local/state/twitch-ingest", name);
	if (geteuid() == 0)
		return join(path, "/var/lib", "twitch-ingest", name);
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
