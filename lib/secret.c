#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"

/* Root may read and write it anyway. */
static bool
is_foreign(const struct stat *st)
{
	return st->st_uid != geteuid() && st->st_uid != 0;
}

/* 0, or the errno that says why fd may not be trusted. */
static int
fault(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if (is_foreign(&st) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return EPERM;
	return st.st_size > (off_t)max ? EFBIG : 0;
}

char *
secret_read(const char *path, size_t max, size_t *len)
{
	char *bytes = NULL;
	int fd, saved;

	/* O_NONBLOCK: a FIFO in its place is an error and not a wait. */
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return NULL;
	errno = fault(fd, max);
	if (errno == 0)
		bytes = atomic_slurp(fd, max, len);
	saved = errno;
	close(fd);
	errno = saved;
	return bytes;
}

const char *
secret_why(const char *path, int error, char text[SECRET_WHY_MAX])
{
	struct stat st;

	if (error == EPERM && stat(path, &st) == 0 && is_foreign(&st))
		snprintf(text, SECRET_WHY_MAX,
		    "'%s' belongs to another user; run: chown %u '%s'", path,
		    geteuid(), path);
	else if (error == EPERM)
		snprintf(text, SECRET_WHY_MAX,
		    "others can read or write '%s'; run: chmod 600 '%s'", path,
		    path);
	else if (error == ELOOP)
		snprintf(text, SECRET_WHY_MAX,
		    "'%s' is a symbolic link; put the file itself there", path);
	else if (error == EINVAL)
		snprintf(text, SECRET_WHY_MAX, "'%s' is not a plain file",
		    path);
	else
		snprintf(text, SECRET_WHY_MAX, "cannot read '%s': %s", path,
		    strerror(error));
	return text;
}

void
secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
