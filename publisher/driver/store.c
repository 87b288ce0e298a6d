#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "stop.h"
#include "store_thread.h"

/* A fresh batch, for the driver to fill. */
static void
renew(struct store_filled *b)
{
	b->count = b->len = b->settled = b->told = 0;
	b->full = false;
}

static void
append(struct store_filled *b, uint64_t number, struct slice record)
{
	struct store_entry entry = {.number = number, .taken = store_now()};
	char *p = b->bytes + b->len;

	if (b->count == 0)
		b->since = entry.taken;
	memcpy(p, record.p, record.len);
	b->records[b->count] = (struct slice){p, record.len};
	b->entries[b->count++] = entry;
	b->len += record.len;
}

static enum sink_put
put(void *dest, uint64_t number, struct slice record, const char **why)
{
	struct store *st = dest;
	struct store_thread *t = st->thread;
	enum sink_put result = SINK_TAKEN;
	struct store_filled *b;

	*why =
	    st->ops->check == NULL ? NULL : st->ops->check(st->store, record);
	if (*why != NULL)
		return SINK_BAD;
	pthread_mutex_lock(&t->lock);
	b = t->filling;
	if (b->full || record.len > st->bytes_max - b->len)
		result = SINK_FULL;
	else
		append(b, number, record);
	b->full = result == SINK_FULL || b->count == st->rows_max;
	if (b->full || b->count == 1)
		pthread_cond_signal(&t->news);
	pthread_mutex_unlock(&t->lock);
	return result;
}

/* Tell the sink what has become of the records of the batch being written. */
static void
tell(struct store *st)
{
	struct store_thread *t = st->thread;
	struct store_filled *b;
	size_t settled;

	pthread_mutex_lock(&t->lock);
	b = t->writing;
	settled = b->settled;
	pthread_mutex_unlock(&t->lock);

	for (; b->told < settled; b->told++) {
		struct store_entry *e = &b->entries[b->told];

		if (e->refused)
			sink_refused(st->sink, e->number, b->records[b->told],
			    e->why != NULL ? e->why : "refused");
		else
			sink_acked(st->sink, e->number, store_now() - e->taken);
		free(e->why);
	}

	pthread_mutex_lock(&t->lock);
	if (b->count > 0 && b->told == b->count) {
		renew(b);
		pthread_cond_signal(&t->news);
	}
	pthread_mutex_unlock(&t->lock);
}

static enum status
serve(void *dest, const char **why)
{
	struct store *st = dest;
	enum status status;
	eventfd_t events;

	(void)eventfd_read(st->sink->fd, &events);
	tell(st);
	pthread_mutex_lock(&st->thread->lock);
	status = st->thread->status;
	pthread_mutex_unlock(&st->thread->lock);
	*why = st->thread->why; /* which is the last that the thread said */
	return status;
}

static void
abandon_batch(struct store *st, const struct store_filled *b)
{
	for (size_t i = b->told; i < b->count; i++)
		sink_abandoned(st->sink, b->entries[i].number, b->records[i]);
}

static void
end(struct store_thread *t)
{
	pthread_mutex_lock(&t->lock);
	t->ending = true;
	pthread_cond_signal(&t->news);
	pthread_mutex_unlock(&t->lock);
}

static void
abandon(void *dest)
{
	struct store *st = dest;

	tell(st);
	end(st->thread);
	abandon_batch(st, st->thread->writing);
	abandon_batch(st, st->thread->filling);
}

static void
hurry(void *dest)
{
	struct store *st = dest;

	pthread_mutex_lock(&st->thread->lock);
	st->thread->hurry = true;
	pthread_cond_signal(&st->thread->news);
	pthread_mutex_unlock(&st->thread->lock);
}

static void
metrics(void *dest)
{
	struct store *st = dest;
	struct store_thread *t = st->thread;
	struct histogram sizes, bytes, times;
	uint64_t retries;
	bool up;

	pthread_mutex_lock(&t->lock);
	up = t->up;
	retries = t->retries;
	sizes = t->sizes;
	bytes = t->bytes;
	times = t->times;
	pthread_mutex_unlock(&t->lock);
	sink_metric(st->sink, "up", "gauge",
	    "1 if the store answered when it was last asked, else 0.", up);
	sink_metric(st->sink, "retries_total", "counter",
	    "Attempts to connect or to write that failed.", (double)retries);
	sink_histogram(st->sink, "batch_records",
	    "Records in a batch that was written.", &sizes);
	sink_histogram(st->sink, "batch_bytes",
	    "Bytes of the records of a batch that was written.", &bytes);
	sink_histogram(st->sink, "write_seconds",
	    "Time that writing a batch took.", &times);
}

/* --- the beginning and the end */

static int
batch_open(struct store_filled *b, const struct store *st)
{
	b->records = calloc(st->rows_max, sizeof(*b->records));
	b->entries = calloc(st->rows_max, sizeof(*b->entries));
	b->bytes = malloc(st->bytes_max);
	return b->records != NULL && b->entries != NULL && b->bytes != NULL ?
	    0 :
	    -1;
}

static void
free_all(struct store_thread *t)
{
	for (int i = 0; i < 2; i++) {
		free(t->batches[i].records);
		free(t->batches[i].entries);
		free(t->batches[i].bytes);
	}
	pthread_cond_destroy(&t->news);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* The same clock as store_now(). */
static void
cond_open(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

void
store_close(struct store *st)
{
	struct store_thread *t = st->thread;
	bool busy;

	end(t);
	pthread_mutex_lock(&t->lock);
	busy = t->busy;
	pthread_mutex_unlock(&t->lock);
	if (busy) {
		pthread_detach(t->id);
		return;
	}
	pthread_join(t->id, NULL);
	st->ops->close(st->store);
	close(st->sink->fd);
	free_all(t);
}

/* All that the thread needs, then itself. Returns 0, or an errno. */
static int
prepare(struct store *st, struct store_thread *t)
{
	st->sink->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (st->sink->fd == -1)
		return errno;
	if (batch_open(t->filling, st) == -1 ||
	    batch_open(t->writing, st) == -1)
		return ENOMEM;
	return store_thread_start(st);
}

/* Wait for how the first attempt to connect ends. Returns 0, or -1. */
static int
await_attempt(struct store *st)
{
	struct store_thread *t = st->thread;

	stop_wait(st->sink->fd, POLLIN, -1);
	pthread_mutex_lock(&t->lock);
	st->status = t->status;
	memcpy(st->why, t->why, sizeof(st->why));
	pthread_mutex_unlock(&t->lock);
	return st->status == STATUS_OK ? 0 : -1;
}

int
store_open(struct store *st)
{
	static const struct sink_ops ops = {
	    put, serve, abandon, metrics, hurry, NULL};
	struct store_thread *t = calloc(1, sizeof(*t));
	int error = ENOMEM;

	if (t != NULL) {
		t->sizes.kind = HISTOGRAM_SIZES;
		t->bytes.kind = HISTOGRAM_BYTES;
		t->filling = &t->batches[0];
		t->writing = &t->batches[1];
		pthread_mutex_init(&t->lock, NULL);
		cond_open(&t->news);
		st->thread = t;
		st->sink->ops = &ops;
		st->sink->dest = st;
		error = prepare(st, t);
	}
	if (error != 0) {
		st->status = STATUS_FAILED;
		snprintf(st->why, sizeof(st->why), "cannot start a thread: %s",
		    strerror(error));
		return -1;
	}
	if (await_attempt(st) == 0)
		return 0;
	store_close(st);
	return -1;
}

enum status
store_run(struct store *st, int fd)
{
	enum status status;

	if (store_open(st) == -1) {
		log_error("%s", st->why);
		return st->status;
	}
	status = sink_run(st->sink, fd);
	store_close(st);
	return status;
}
