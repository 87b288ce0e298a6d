#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atomic.h"
#include "clock.h"
#include "descriptors.h"
#include "dirs.h"
#include "dispatch.h"
#include "log.h"
#include "memory.h"
#include "meter.h"
#include "resume.h"
#include "status.h"
#include "stop.h"
#include "wanted.h"

/* With --on-overflow block, nothing is read while more than this waits. */
static size_t
hold_above(const struct output *out)
{
	return out->size / 2;
}

static void
take_line(void *arg, struct slot *slot, struct slice line,
    const struct peek *peek)
{
	struct reader *reader = arg;
	struct output *out = &reader->output;

	dispatch_line(slot, line, peek);
	if (reader->options->block && out->len > hold_above(out))
		reader->pool.common.paused = true;
}

static void
on_stdout(void *arg, uint32_t events)
{
	struct reader *reader = arg;

	/* Nobody reads any more; a write would only say so later. */
	if (events & EPOLLERR && !(events & EPOLLOUT) && reader->status == -1) {
		log_error("cannot write standard output: %s", strerror(EPIPE));
		reader->status = STATUS_FAILED;
	}
}

static void
on_stop(void *arg, uint32_t events)
{
	struct reader *reader = arg;

	(void)events;
	reader->status = STATUS_OK;
}

/* The process was stopped for a while, or got no time. */
static void
on_late(void *arg)
{
	struct reader *reader = arg;

	reconcile_unread(&reader->reconcile, clock_mono());
	pool_fall_behind(&reader->pool);
}

/* The path of a file in the run or the state directory, kept. */
static char *
find(int (*dirs)(const char *, char *), const char *name, const char *variable)
{
	char path[DIRS_PATH_MAX];

	if (dirs(name, path) == 0)
		return strcpy(memory_new(strlen(path) + 1, 1), path);
	if (errno == ENOENT)
		die(STATUS_USAGE, "no directory for '%s': set %s", name,
		    variable);
	die(STATUS_USAGE, "cannot make the directory for '%s': %s", name,
	    strerror(errno));
}

static void
open_control(struct reader *reader)
{
	char *path = find(dirs_run, "ctl", "TWITCH_RUN_DIR");

	if (control_open(&reader->control, &reader->loop, path, &wanted_hooks,
		reader) == 0) {
		free(path);
		return;
	}
	if (errno == EBUSY)
		die(STATUS_USAGE,
		    "another reader listens on '%s': give this one a "
		    "TWITCH_RUN_DIR of its own (twitch-ingest: --name)",
		    path);
	if (errno == EEXIST)
		die(STATUS_USAGE, "'%s' is there and is not a FIFO", path);
	die(STATUS_USAGE, "cannot make the FIFO '%s': %s", path,
	    strerror(errno));
}

/* What is read before it is noticed that the buffer fills must fit, too. */
static void
limit_reading(struct reader *reader)
{
	const struct output *out = &reader->output;
	size_t most = feed_fits(out->size - hold_above(out));

	if (most < CONN_READ_MAX)
		reader->pool.common.read_max = most;
}

static void
open_stdout(struct reader *reader)
{
	struct watch *watch = &reader->stdout_watch;

	if (output_open(&reader->output, STDOUT_FILENO,
		(size_t)reader->options->buffer) == -1)
		die(STATUS_FAILED, "cannot write standard output: %s",
		    strerror(errno));
	if (reader->options->block)
		limit_reading(reader);
	*watch = (struct watch){
	    .fd = STDOUT_FILENO, .ready = on_stdout, .arg = reader};
	loop_watch(&reader->loop, watch, EPOLLERR);
	reader->stop_watch =
	    (struct watch){.fd = stop_fd(), .ready = on_stop, .arg = reader};
	loop_watch(&reader->loop, &reader->stop_watch, EPOLLIN);
}

/* Room for the connections that are needed; more may be wanted later. */
static void
check_descriptors(struct reader *reader)
{
	size_t most = descriptors_raise();
	size_t need = reconcile_clients_needed(&reader->reconcile) *
	    reader->reconcile.sides;

	reader->pool.most = most;
	if (need > most)
		die(STATUS_USAGE,
		    "%zu channels need %zu connections, the limit on file "
		    "descriptors allows %zu: run 'ulimit -n %zu' first (in a "
		    "unit of systemd: LimitNOFILE=%zu)",
		    reader->reconcile.desired, need, most,
		    need + DESCRIPTORS_BESIDE, need + DESCRIPTORS_BESIDE);
}

void
reader_open(struct reader *reader, const struct options *options)
{
	char *status_path = find(dirs_run, "status.json", "TWITCH_RUN_DIR");

	reader->options = options;
	reader->status = -1;
	if (loop_open(&reader->loop) == -1)
		die(STATUS_FAILED, "cannot poll: %s", strerror(errno));
	reader->loop.late = on_late;
	reader->loop.arg = reader;
	feed_open(&reader->feed, &reader->output);
	reconcile_open(&reader->reconcile, (unsigned)options->per_connection,
	    (unsigned)options->redundancy, &dispatch_hooks, &reader->feed);
	if (pool_open(&reader->pool, &reader->loop, options, &reader->reconcile,
		&reader->feed) == -1)
		exit(STATUS_USAGE);
	reader->pool.line = take_line;
	reader->pool.arg = reader;
	reader->account = wanted_account(options);
	reader->desired_path =
	    find(dirs_state, "channels.json", "TWITCH_STATE_DIR");
	if (hangup_open(&reader->hangup, &reader->loop, wanted_learn_again,
		reader) == -1)
		die(STATUS_FAILED, "cannot wait for signals: %s",
		    strerror(errno));
	open_control(reader);
	wanted_open(reader);
	atomic_sweep(status_path);
	wanted_learn(reader);
	check_descriptors(reader);
	resume_read(status_path, &reader->reconcile);
	report_open(&reader->report, status_path);
	free(status_path);
	if (metrics_open(&reader->metrics, "ws-reader") == -1)
		log_warn("no metrics: %s", strerror(errno));
	open_stdout(reader);
}

/* Write the files that are due. Returns when the next is. */
static int64_t
run_files(struct reader *reader, int64_t now)
{
	int64_t next = now + metrics_wait(&reader->metrics);
	int64_t save = wanted_run(reader, now);
	int64_t report = report_run(&reader->report, &reader->pool, now);

	if (metrics_due(&reader->metrics)) {
		meter_say(&reader->metrics, &reader->pool, &reader->control);
		metrics_write(&reader->metrics);
		next = now + METRICS_PERIOD;
	}
	if (report < next)
		next = report;
	return save < next ? save : next;
}

/* Write what standard output takes; hold back, or go on, by what is left. */
static void
run_output(struct reader *reader)
{
	struct output *out = &reader->output;
	struct pool *pool = &reader->pool;

	if (output_flush(out) == -1 && reader->status == -1) {
		log_error("cannot write standard output: %s", strerror(errno));
		reader->status = STATUS_FAILED;
	}
	feed_flushed(&reader->feed);
	loop_watch(&reader->loop, &reader->stdout_watch,
	    out->len > 0 ? EPOLLERR | EPOLLOUT : EPOLLERR);
	if (pool->common.paused)
		pool_pause(pool, out->len > out->size / 4);
}

static void
say_idle(struct reader *reader)
{
	bool idle = reader->reconcile.desired == 0;

	if (idle && !reader->idle)
		log_info("no channel is wanted: waiting for 'join' on '%s'",
		    reader->control.fifo.path);
	reader->idle = idle;
}

void
reader_run(struct reader *reader)
{
	while (reader->status == -1) {
		int64_t now = clock_mono(), next, at;

		reader->feed.now = clock_wall();
		say_idle(reader);
		if (reader->pool.common.paused)
			reconcile_unread(&reader->reconcile, now);
		next = reconcile_run(&reader->reconcile, now);
		at = pool_run(&reader->pool, now);
		if (at < next)
			next = at;
		at = run_files(reader, now);
		if (at < next)
			next = at;
		run_output(reader);
		if (reader->pool.exit != -1)
			reader->status = reader->pool.exit;
		if (reader->status == -1 &&
		    loop_turn(&reader->loop, next) == -1)
			die(STATUS_FAILED, "cannot poll: %s", strerror(errno));
	}
}

/*
 * Say what is missing until now, and wait until all is passed on; --grace
 * bounds it.
 */
static void
drain(struct reader *reader)
{
	struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
	int result;

	reader->feed.now = clock_wall();
	reconcile_end(&reader->reconcile, clock_mono());
	while ((result = output_flush(&reader->output)) == 0 &&
	    !feed_end(&reader->feed))
		poll(&room, 1, -1);
	if (result == -1) {
		log_error("cannot write standard output: %s", strerror(errno));
		reader->status = STATUS_FAILED;
	}
}

int
reader_close(struct reader *reader)
{
	wanted_close(reader);
	if (reader->status != STATUS_FAILED)
		drain(reader);
	meter_say(&reader->metrics, &reader->pool, &reader->control);
	report_write(&reader->report, &reader->pool);
	pool_close(&reader->pool);
	metrics_close(&reader->metrics);
	report_close(&reader->report);
	control_close(&reader->control);
	reconcile_close(&reader->reconcile);
	output_close(&reader->output);
	loop_close(&reader->loop);
	free(reader->desired_path);
	free(reader->account);
	if (close(STDOUT_FILENO) == -1 && reader->status == STATUS_OK) {
		log_error("cannot write standard output: %s", strerror(errno));
		reader->status = STATUS_FAILED;
	}
	return reader->status;
}
