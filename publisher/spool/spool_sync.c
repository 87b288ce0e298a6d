#include "spool_sync.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

/* A failure leaves what is written where programs see it, if not the disk. */
static void
sync_one(int fd, int (*how)(int))
{
	static struct log_limit limit;
	unsigned long held;

	if (fd != -1 && how(fd) == -1 && log_limit(&limit, &held))
		log_warn("cannot bring the spool to the disk: %s",
		    strerror(errno));
}

/* All of it; mutex held, but not while the disk works. */
static void
sync_all(struct spool_sync *s)
{
	int segment = s->segment, retired = s->retired;

	s->dirty = false;
	pthread_mutex_unlock(&s->mutex);
	if (retired != -1) {
		sync_one(retired, fdatasync);
		close(retired);
		/* The name of the segment that is new since then. */
		sync_one(s->dir, fsync);
	}
	sync_one(segment, fdatasync);
	sync_one(s->cursor, fdatasync);
	pthread_mutex_lock(&s->mutex);
	if (retired != -1) {
		s->retired = -1;
		pthread_cond_signal(&s->done);
	}
}

/* What comes within `every` ms of the first goes to the disk together. */
static void
gather(struct spool_sync *s)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)(s->every % 1000) * 1000000;
	until.tv_sec += (time_t)(s->every / 1000) + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!s->stop && s->retired == -1 &&
	    pthread_cond_timedwait(&s->work, &s->mutex, &until) == 0)
		continue;
}

static void *
run(void *arg)
{
	struct spool_sync *s = arg;

	pthread_mutex_lock(&s->mutex);
	while (!s->stop || s->dirty || s->retired != -1) {
		while (!s->stop && !s->dirty && s->retired == -1)
			pthread_cond_wait(&s->work, &s->mutex);
		gather(s);
		sync_all(s);
	}
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

int
spool_sync_open(struct spool_sync *s, int64_t every, int dir, int cursor)
{
	pthread_condattr_t attr;

	*s = (struct spool_sync){.every = every,
	    .dir = dir,
	    .cursor = cursor,
	    .segment = -1,
	    .retired = -1};
	pthread_mutex_init(&s->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->work, &attr);
	pthread_cond_init(&s->done, &attr);
	pthread_condattr_destroy(&attr);
	if (every <= 0)
		return 0;
	errno = pthread_create(&s->thread, NULL, run, s);
	s->running = errno == 0;
	return s->running ? 0 : -1;
}

void
spool_sync_close(struct spool_sync *s)
{
	if (s->running) {
		pthread_mutex_lock(&s->mutex);
		s->stop = true;
		pthread_cond_signal(&s->work);
		pthread_mutex_unlock(&s->mutex);
		pthread_join(s->thread, NULL);
	}
	if (s->segment != -1)
		close(s->segment);
	pthread_cond_destroy(&s->work);
	pthread_cond_destroy(&s->done);
	pthread_mutex_destroy(&s->mutex);
}

void
spool_sync_segment(struct spool_sync *s, int fd)
{
	pthread_mutex_lock(&s->mutex);
	/* The disk is a whole segment behind: that is as far as it may. */
	while (s->retired != -1)
		pthread_cond_wait(&s->done, &s->mutex);
	if (s->running) {
		s->retired = s->segment;
		s->dirty = true;
		pthread_cond_signal(&s->work);
	} else if (s->segment != -1) {
		close(s->segment);
	}
	s->segment = fd;
	pthread_mutex_unlock(&s->mutex);
	if (s->every == SPOOL_SYNC_ALWAYS)
		sync_one(s->dir, fsync);
}

void
spool_sync_wrote(struct spool_sync *s)
{
	if (s->every == SPOOL_SYNC_ALWAYS)
		sync_one(s->segment, fdatasync);
	if (!s->running)
		return;
	pthread_mutex_lock(&s->mutex);
	if (!s->dirty) {
		s->dirty = true;
		pthread_cond_signal(&s->work);
	}
	pthread_mutex_unlock(&s->mutex);
}
