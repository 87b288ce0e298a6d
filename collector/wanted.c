#include "wanted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "clock.h"
#include "desired.h"
#include "log.h"
#include "memory.h"
#include "status.h"
#include "stop.h"

enum {
	SAVE_AFTER = 150, /* ms from a change to channels.json */
	SAVE_RETRY = 5000
};

/* A command has come. */
static struct reader *
told(void *arg)
{
	struct reader *reader = arg;

	reader->feed.now = clock_wall();
	return reader;
}

static void
changed(struct reader *reader)
{
	if (reader->save_at == TIMERS_NEVER)
		reader->save_at = clock_mono() + SAVE_AFTER;
}

static void
want(void *arg, const char *name)
{
	struct reader *reader = arg;

	if (reconcile_want(&reader->reconcile, name, clock_mono()))
		changed(reader);
}

static void
unwant(void *arg, const char *name)
{
	struct reader *reader = told(arg);

	if (reconcile_unwant(&reader->reconcile, name, clock_mono()))
		changed(reader);
}

static void
set(void *arg, const struct name *names, size_t n)
{
	struct reader *reader = told(arg);

	if (reconcile_set(&reader->reconcile, names, n, clock_mono()))
		changed(reader);
}

static bool
reconnect(void *arg, int64_t conn)
{
	struct reader *reader = told(arg);

	return pool_reconnect(&reader->pool, conn);
}

const struct control_hooks wanted_hooks = {
    .join = want, .part = unwant, .set = set, .reconnect = reconnect};

char *
wanted_account(const struct options *o)
{
	size_t size = sizeof("anonymous") + o->naccounts * (CHANNEL_MAX + 1);
	char *label = memory_new(size, 1);

	if (o->naccounts == 0)
		strcpy(label, "anonymous");
	for (size_t i = 0; i < o->naccounts; i++) {
		if (i > 0)
			strcat(label, ",");
		strcat(label, o->accounts[i]);
	}
	return label;
}

static void
ignore(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

void
wanted_learn(struct reader *reader)
{
	const struct options *o = reader->options;
	bool given = o->nchannels > 0 || o->channel_file != NULL;
	char name[CHANNEL_MAX + 1];
	enum desired_result result;

	result = desired_load(reader->desired_path, reader->account,
	    given ? ignore : want, reader);
	if (result == DESIRED_BAD || result == DESIRED_FOREIGN)
		exit(STATUS_USAGE);
	reader->save_at = TIMERS_NEVER;
	if (o->channel_file != NULL &&
	    desired_read_list(o->channel_file, want, reader) == -1)
		exit(stop_requested() ? STATUS_OK : STATUS_USAGE);
	for (int i = 0; i < o->nchannels; i++) {
		if (channel_name(slice_of(o->channels[i]), name) == -1)
			die(STATUS_USAGE, "'%s' is not a channel name",
			    o->channels[i]);
		want(reader, name);
	}
	if (given)
		changed(reader);
}

static void
note(void *arg, const char *name)
{
	sets_add(arg, name);
}

void
wanted_learn_again(void *arg)
{
	struct reader *reader = arg;
	const struct options *o = reader->options;
	struct set list = {.names = NULL};
	char name[CHANNEL_MAX + 1];

	if (o->channel_file == NULL || strcmp(o->channel_file, "-") == 0) {
		log_info("SIGHUP: there is no --file to read again");
		return;
	}
	if (desired_read_list(o->channel_file, note, &list) == 0) {
		for (int i = 0; i < o->nchannels; i++)
			if (channel_name(slice_of(o->channels[i]), name) != -1)
				sets_add(&list, name);
		log_info("SIGHUP: '%s' read again", o->channel_file);
		set(reader, list.names, list.n);
	}
	sets_end(&list);
}

/* A writing of channels.json has ended. */
static void
saved(void *arg, int error)
{
	struct reader *reader = arg;

	if (error == 0 && reader->save_failing)
		log_info("'%s' is written again", reader->desired_path);
	if (error != 0 && !reader->save_failing)
		log_warn("cannot write '%s': %s; a restart would not know "
			 "the latest channels",
		    reader->desired_path, strerror(error));
	if (error != 0)
		reader->save_at = clock_mono() + SAVE_RETRY;
	reader->save_failing = error != 0;
}

void
wanted_open(struct reader *reader)
{
	reader->save_at = TIMERS_NEVER;
	atomic_sweep(reader->desired_path);
	if (saver_open(&reader->saver, &reader->loop, reader->desired_path,
		saved, reader) == -1)
		die(STATUS_FAILED, "cannot wait for a file: %s",
		    strerror(errno));
}

static void
save(struct reader *reader)
{
	size_t len;
	char *text =
	    desired_text(reader->account, &reader->reconcile.channels, &len);

	reader->save_at = TIMERS_NEVER;
	saver_write(&reader->saver, text, len);
}

int64_t
wanted_run(struct reader *reader, int64_t now)
{
	if (reader->saver.busy)
		return TIMERS_NEVER;
	if (now >= reader->save_at)
		save(reader);
	return reader->save_at;
}

void
wanted_close(struct reader *reader)
{
	saver_wait(&reader->saver);
	if (reader->save_at != TIMERS_NEVER)
		save(reader);
	saver_close(&reader->saver);
}
