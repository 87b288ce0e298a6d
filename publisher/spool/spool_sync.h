#ifndef PUBLISHER_SPOOL_SPOOL_SYNC_H
#define PUBLISHER_SPOOL_SPOOL_SYNC_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * When what a spool holds reaches the disk, so that a power cut does not take
 * it: every so many ms all that was written meanwhile, by a thread, since a
 * disk may take long; or each block before anything else is done; or when the
 * kernel comes to it.
 */
enum { SPOOL_SYNC_ALWAYS = 0, SPOOL_SYNC_NEVER = -1 };

struct spool_sync {
	int64_t every; /* ms, or one of the above */
	int dir, cursor;
	int segment; /* the file that is written now */
	int retired; /* the one before, to be synced and closed; or -1 */
	bool dirty, stop, running;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t work, done;
};

/*
 * Begin, for a spool of these descriptors, which stay the caller's. Returns 0,
 * or -1 with errno set. spool_sync_close syncs what is left, and closes the
 * last segment.
 */
int spool_sync_open(struct spool_sync *s, int64_t every, int dir, int cursor);
void spool_sync_close(struct spool_sync *s);

/*
 * From now on this segment is written. The one before is closed, when it is
 * synced: they are no more the caller's.
 */
void spool_sync_segment(struct spool_sync *s, int fd);

/* The segment or the cursor was written. */
void spool_sync_wrote(struct spool_sync *s);

#endif
