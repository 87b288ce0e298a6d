#include "store_thread.h"

#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>

enum {
	WAIT_MIN = 1000, /* ms from a failure to the next attempt, doubling */
	WAIT_MAX = 30000,
	IDLE = 10000 /* ms without a batch, then see whether the store lives */
};

int64_t
store_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Tell the driver that there is something to serve. */
static void
wake_driver(struct store *st)
{
	/* It cannot fail: the counter will not come near its end. */
	(void)eventfd_write(st->sink->fd, 1);
}

/* Wait for news, or for so many us. The lock is held. */
static void
wait_news(struct store_thread *t, int64_t us)
{
	int64_t until = store_now() + us;
	struct timespec when = {
	    .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000};

	pthread_cond_timedwait(&t->news, &t->lock, &when);
}

/* Wait before the next attempt. False when the thread is to end. */
static bool
back_off(struct store_thread *t, int64_t wait)
{
	uint32_t random = 0;
	int64_t until;
	bool on;

	/* Half of it is left to chance, so that many do not come as one. */
	(void)!getrandom(&random, sizeof(random), 0);
	until = store_now() + wait * 500 + random % (wait * 500);
	pthread_mutex_lock(&t->lock);
	while (!t->ending && store_now() < until)
		wait_news(t, until - store_now());
	on = !t->ending;
	pthread_mutex_unlock(&t->lock);
	return on;
}

/* Count a batch that was written in so many us. The lock is held. */
static void
count_batch(struct store_thread *t, const struct store_batch *batch, int64_t us)
{
	size_t bytes = 0;

	for (size_t i = 0; i < batch->count; i++)
		bytes += batch->records[i].len;
	histogram_add(&t->sizes, (int64_t)batch->count);
	histogram_add(&t->bytes, (int64_t)bytes);
	histogram_add(&t->times, us);
}

/* Make a call of the store's, unless the thread is to end. */
static enum store_result
call(struct store *st, struct store_batch *batch,
    enum store_result (*op)(void *, struct store_batch *))
{
	struct store_thread *t = st->thread;
	enum store_result result;
	int64_t from = store_now();
	bool on, first;

	batch->status = STATUS_FAILED;
	batch->bad = batch->count;
	batch->why[0] = '\0';
	pthread_mutex_lock(&t->lock);
	on = t->busy = !t->ending;
	pthread_mutex_unlock(&t->lock);
	if (!on)
		return STORE_FATAL;
	result = op(st->store, batch);
	pthread_mutex_lock(&t->lock);
	t->busy = false;
	/* Settings that have written a batch are not what is wrong. */
	if (result == STORE_FATAL && t->sizes.count > 0) {
		batch->status = STATUS_FAILED;
		result = STORE_RETRY;
	}
	first = !t->tried;
	t->tried = true;
	t->up = result == STORE_DONE || result == STORE_REFUSED;
	t->retries += result == STORE_RETRY;
	if (result == STORE_DONE && batch->count > 0)
		count_batch(t, batch, store_now() - from);
	pthread_mutex_unlock(&t->lock);
	if (first && result != STORE_FATAL) /* else give_up() does */
		wake_driver(st);
	return result;
}

/* Once: connect if need be, then write, if there is anything to write. */
static enum store_result
attempt(struct store *st, struct store_batch *batch)
{
	struct store_thread *t = st->thread;
	enum store_result result = STORE_DONE;
	struct store_batch none = {0};

	if (!t->connected || batch->count == 0) {
		result = call(st, &none, st->ops->connect);
		if (result != STORE_DONE) {
			memcpy(batch->why, none.why, sizeof(none.why));
			batch->status = none.status;
		}
	}
	t->connected = result == STORE_DONE;
	if (t->connected && batch->count > 0)
		result = call(st, batch, st->ops->write);
	t->connected = t->connected && result != STORE_RETRY;
	return result;
}

/* Until it is done, refused, or hopeless. */
static enum store_result
insist(struct store *st, struct store_batch *batch)
{
	enum store_result result;
	int64_t wait = WAIT_MIN;

	while ((result = attempt(st, batch)) == STORE_RETRY) {
		log_warn("%s; will try again", batch->why);
		if (!back_off(st->thread, wait))
			return STORE_FATAL;
		wait = wait * 2 < WAIT_MAX ? wait * 2 : WAIT_MAX;
	}
	if (result == STORE_DONE && wait > WAIT_MIN)
		log_info("the store answers again");
	return result;
}

/* End, for this reason. */
static void
give_up(struct store *st, const struct store_batch *batch)
{
	struct store_thread *t = st->thread;

	pthread_mutex_lock(&t->lock);
	t->status = batch->status;
	memcpy(t->why, batch->why, sizeof(t->why));
	pthread_mutex_unlock(&t->lock);
	wake_driver(st);
}

/* So many records of the batch are settled. */
static void
settle(struct store *st, size_t settled)
{
	pthread_mutex_lock(&st->thread->lock);
	st->thread->writing->settled = settled;
	pthread_mutex_unlock(&st->thread->lock);
	wake_driver(st);
}

/*
 * Write all of a batch. One that is refused is written in parts until the
 * record at fault is alone, and then goes on without it.
 */
static enum store_result
write_batch(struct store *st, struct store_filled *b)
{
	struct store_batch part = {0};
	size_t first = 0, count = b->count, unit = count;

	while (first < count) {
		part.records = b->records + first;
		part.count = count - first < unit ? count - first : unit;
		switch (insist(st, &part)) {
		case STORE_DONE:
			first += part.count;
			unit = unit * 2 < count ? unit * 2 : count;
			break;
		case STORE_REFUSED:
			unit =
			    part.bad < part.count ? part.bad : part.count / 2;
			if (unit > 0)
				continue;
			b->entries[first].refused = true;
			b->entries[first++].why = strdup(part.why);
			unit = part.count;
			break;
		default:
			give_up(st, &part);
			return STORE_FATAL;
		}
		settle(st, first);
	}
	return STORE_DONE;
}

/* Is it time to write what was gathered? */
static bool
due(const struct store *st, const struct store_filled *b)
{
	return b->count > 0 &&
	    (b->full || st->thread->hurry ||
		store_now() - b->since >= st->linger * 1000);
}

/*
 * The next batch to write; NULL when there was none for a while, or when the
 * thread is to end.
 */
static struct store_filled *
next_batch(struct store *st)
{
	struct store_thread *t = st->thread;
	int64_t idle = store_now() + (int64_t)IDLE * 1000, until;
	struct store_filled *b = NULL;

	pthread_mutex_lock(&t->lock);
	while (!t->ending && store_now() < idle) {
		b = t->filling;
		if (t->writing->count == 0 && due(st, b)) {
			t->filling = t->writing;
			t->writing = b;
			break;
		}
		until = b->count > 0 && t->writing->count == 0 ?
		    b->since + st->linger * 1000 :
		    idle;
		wait_news(t, until - store_now());
		b = NULL;
	}
	pthread_mutex_unlock(&t->lock);
	return b;
}

/* See that the store lives. */
static enum store_result
greet(struct store *st)
{
	struct store_batch none = {0};
	enum store_result result = insist(st, &none);

	if (result != STORE_DONE)
		give_up(st, &none);
	return result;
}

static bool
ending(struct store_thread *t)
{
	bool is;

	pthread_mutex_lock(&t->lock);
	is = t->ending;
	pthread_mutex_unlock(&t->lock);
	return is;
}

static void *
run(void *arg)
{
	struct store *st = arg;
	enum store_result result = greet(st);

	while (result == STORE_DONE && !ending(st->thread)) {
		struct store_filled *b = next_batch(st);

		result = b == NULL ? greet(st) : write_batch(st, b);
	}
	return NULL;
}

int
store_thread_start(struct store *st)
{
	sigset_t all, before; /* signals are the driver's */
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&st->thread->id, NULL, run, st);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}
