#include "joint.h"

#include <fcntl.h>
#include <unistd.h>

enum { PIPE_BYTES = 1024 * 1024 }; /* what may wait while a stage is started */

int
joint_open(struct joint *j, size_t from, size_t to)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	/* Where the limit is lower the pipe stays as it is. */
	fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
	*j = (struct joint){
	    .from = from, .to = to, .write = fds[1], .read = fds[0]};
	return 0;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
joint_end(struct joint *j)
{
	shut(&j->write);
	j->torn = false;
}

void
joint_discard(struct joint *j)
{
	char buf[65536];

	if (read(j->read, buf, sizeof(buf)) == 0)
		shut(&j->read);
}

void
joint_close(struct joint *j)
{
	shut(&j->write);
	shut(&j->read);
}

void
joint_mend(struct joint *j)
{
	j->torn = write(j->write, "\n", 1) != 1;
}
