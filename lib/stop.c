#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "quantity.h"
#include "status.h"

enum { GRACE_MAX_MS = 86400000 };

/* Lock-free, so that the handler may set it and any thread read it. */
static atomic_bool requested;
static unsigned grace_seconds;
static int wake[2] = {-1, -1};

/*
 * Only async-signal-safe calls. The pipe closes the race between a look at
 * the flag and the wait that follows it; the alarm ends a program that is
 * stuck in a write nobody reads.
 */
static void
on_stop(int sig)
{
	int saved = errno;

	(void)sig;
	if (!requested) {
		requested = true;
		(void)!write(wake[1], "", 1);
		alarm(grace_seconds);
	}
	errno = saved;
}

static void
on_grace_over(int sig)
{
	static const char text[] =
	    "stopped before all that was taken could be passed on: "
	    "the next stage took too long (see --grace)\n";

	(void)sig;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(STATUS_FAILED);
}

void
stop_on_signals(unsigned grace)
{
	struct sigaction sa;

	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) == -1)
		die(STATUS_FAILED, "cannot make a pipe: %s", strerror(errno));
	grace_seconds = grace > 0 ? grace : 1;

	memset(&sa, 0, sizeof(sa));
	sigemptyset(&sa.sa_mask);
	sa.sa_handler = on_stop;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = on_grace_over;
	sigaction(SIGALRM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

unsigned
stop_grace(const char *typed)
{
	int64_t ms;

	if (quantity_duration(typed, 1000, GRACE_MAX_MS, &ms) == -1)
		return 0;
	return (unsigned)(ms / 1000);
}

bool
stop_requested(void)
{
	return requested;
}

int
stop_fd(void)
{
	return wake[0];
}

int
stop_wait(int fd, short events, int timeout)
{
	struct pollfd fds[2] = {
	    {.fd = wake[0], .events = POLLIN}, {.fd = fd, .events = events}};

	for (;;) {
		int n = poll(fds, 2, timeout);

		if (requested)
			return -1;
		if (n == 0)
			return 0;
		if (n > 0 && fds[1].revents != 0)
			return 1;
		/* EINTR from another signal; or poll itself failed, and the
		   read or write that follows will say why. */
		if (n == -1 && errno != EINTR)
			return 1;
	}
}
