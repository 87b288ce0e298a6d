#include "standard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void
standard_hold(void)
{
	int fd;

	/* A program that is run in our place, or by us, has them too. */
	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

int
standard_close(void)
{
	int failed = ferror(stdout);

	errno = EIO; /* for a write that failed before */
	return fclose(stdout) == EOF || failed ? -1 : 0;
}
