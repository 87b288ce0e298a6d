#include "saver.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "atomic.h"

static void *
write_file(void *arg)
{
	struct saver *saver = arg;
	struct slice text = {saver->text, saver->len};

	if (atomic_write(saver->path, text, true) == -1)
		saver->error = errno;
	eventfd_write(saver->ended.fd, 1);
	return NULL;
}

void
saver_wait(struct saver *saver)
{
	eventfd_t n;

	if (!saver->busy)
		return;
	pthread_join(saver->thread, NULL);
	eventfd_read(saver->ended.fd, &n);
	saver->busy = false;
	free(saver->text);
	saver->done(saver->arg, saver->error);
}

static void
on_ended(void *arg, uint32_t events)
{
	(void)events;
	saver_wait(arg);
}

int
saver_open(struct saver *saver, struct loop *loop, const char *path,
    void (*done)(void *arg, int error), void *arg)
{
	*saver = (struct saver){
	    .loop = loop, .path = path, .done = done, .arg = arg};
	saver->ended = (struct watch){
	    .fd = eventfd(0, EFD_CLOEXEC), .ready = on_ended, .arg = saver};
	if (saver->ended.fd == -1)
		return -1;
	return loop_watch(loop, &saver->ended, EPOLLIN);
}

void
saver_close(struct saver *saver)
{
	saver_wait(saver);
	loop_watch(saver->loop, &saver->ended, 0);
	close(saver->ended.fd);
}

void
saver_write(struct saver *saver, char *text, size_t len)
{
	sigset_t all, before;
	int error;

	saver->text = text;
	saver->len = len;
	saver->error = 0;
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&saver->thread, NULL, write_file, saver);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0) {
		saver->busy = true;
		return;
	}
	free(text);
	saver->done(saver->arg, error);
}
