#include "hangup.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void
on_signal(void *arg, uint32_t events)
{
	struct hangup *h = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(h->watch.fd, &info, sizeof(info)) == sizeof(info))
		h->hook(h->arg);
}

int
hangup_open(struct hangup *h, struct loop *loop, void (*hook)(void *arg),
    void *arg)
{
	sigset_t set;

	*h = (struct hangup){.hook = hook, .arg = arg};
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	h->watch = (struct watch){.fd = signalfd(-1, &set, SFD_CLOEXEC),
	    .ready = on_signal,
	    .arg = h};
	if (h->watch.fd == -1)
		return -1;
	return loop_watch(loop, &h->watch, EPOLLIN);
}
