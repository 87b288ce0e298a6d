#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"

/* 0, or the errno that says why fd may not be trusted. */
static int
fault(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
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

void
secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
