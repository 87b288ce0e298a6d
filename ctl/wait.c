#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "channel.h"
#include "clock.h"
#include "command.h"
#include "dirs.h"
#include "listener.h"
#include "log.h"
#include "quantity.h"
#include "snapshot.h"
#include "status.h"

enum { TIMEOUT_MAX_MS = 24 * 60 * 60 * 1000 };

struct awaited {
	char name[CHANNEL_MAX + 1];
	bool joined;
};

struct waiting {
	struct awaited *v; /* sorted by name */
	size_t n;
	int64_t deadline; /* on clock_mono(); 0: none */
	int changes;      /* inotify(7), of the run directory */
	int reader;       /* listener_connect() */
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct awaited *)a)->name,
	    ((const struct awaited *)b)->name);
}

/* Take the names, each once. Returns an exit status. */
static int
take_names(struct waiting *w, int n, char **names)
{
	w->v = calloc((size_t)n, sizeof(*w->v));
	if (w->v == NULL)
		die(STATUS_FAILED, "out of memory");
	for (int i = 0; i < n; i++) {
		if (channel_name(slice_of(names[i]), w->v[i].name) != -1)
			continue;
		log_error("'%s' is no channel", names[i]);
		return STATUS_USAGE;
	}
	qsort(w->v, (size_t)n, sizeof(*w->v), by_name);
	for (int i = 0; i < n; i++)
		if (w->n == 0 || by_name(&w->v[w->n - 1], &w->v[i]) != 0)
			w->v[w->n++] = w->v[i];
	return STATUS_OK;
}

/*
 * Returns how many are not joined yet; or -1, having said so, if one is
 * refused.
 */
static int
look(struct waiting *w, const struct snapshot *s)
{
	int left = (int)w->n;
	bool refused = false;

	for (size_t i = 0; i < w->n; i++)
		w->v[i].joined = false;
	for (size_t i = 0; i < s->channels_n; i++) {
		const struct snapshot_channel *c = &s->channels[i];
		struct awaited key, *found;

		snprintf(key.name, sizeof(key.name), "%s", c->name);
		found = bsearch(&key, w->v, w->n, sizeof(*w->v), by_name);
		if (found == NULL)
			continue;
		if (strcmp(c->phase, "refused") == 0) {
			log_error("'%s' is refused: %s", c->name, c->reason);
			refused = true;
		}
		found->joined = strcmp(c->phase, "joined") == 0;
		left -= found->joined;
	}
	return refused ? -1 : left;
}

/* Returns STATUS_FAILED, having said what was waited for. */
static int
give_up(const struct waiting *w, const char *why)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].joined)
			log_error("'%s' is not joined: %s", w->v[i].name, why);
	return STATUS_FAILED;
}

static int
time_left(const struct waiting *w)
{
	int64_t left = w->deadline - clock_mono();

	if (w->deadline == 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

/*
 * Wait until a file of the run directory is replaced, which status.json is at
 * each change. Returns STATUS_OK, or STATUS_FAILED, having said why.
 */
static int
wait_for_change(const struct waiting *w)
{
	char events[4096];
	struct pollfd fds[2] = {{w->changes, POLLIN, 0}, {w->reader, 0, 0}};
	int n;

	do
		n = poll(fds, 2, time_left(w));
	while (n == -1 && errno == EINTR);
	if (n == 0)
		return give_up(w, "time is up");
	if (fds[1].revents != 0)
		return give_up(w, "ws-reader has ended");
	if (read(w->changes, events, sizeof(events)) == -1)
		return give_up(w, strerror(errno));
	return STATUS_OK;
}

static int
wait_for_all(struct waiting *w)
{
	for (;;) {
		struct snapshot s;
		int status, left;

		if (snapshot_read(&s) == 0) {
			left = look(w, &s);
			snapshot_free(&s);
			if (left <= 0)
				return left == 0 ? STATUS_OK : STATUS_FAILED;
		} else if (errno != ENOENT) {
			return give_up(w, strerror(errno));
		}
		status = wait_for_change(w);
		if (status != STATUS_OK)
			return status;
	}
}

/* Watch before the first look, so that no change comes between. */
static int
watch(struct waiting *w)
{
	char dir[DIRS_PATH_MAX];

	w->reader = listener_connect();
	if (w->reader == -1)
		return listener_missing();
	w->changes = inotify_init1(IN_CLOEXEC);
	if (w->changes == -1 || dirs_run(NULL, dir) == -1 ||
	    inotify_add_watch(w->changes, dir, IN_MOVED_TO) == -1)
		return give_up(w, strerror(errno));
	return STATUS_OK;
}

int
command_wait(int argc, char **argv)
{
	static const struct option options[] = {
	    {"timeout", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	struct waiting w = {.changes = -1, .reader = -1};
	int option, status;
	int64_t ms;

	while ((option = getopt_long(argc, argv, "t:", options, NULL)) != -1) {
		if (option != 't')
			return COMMAND_MISUSED;
		if (quantity_duration(optarg, 0, TIMEOUT_MAX_MS, &ms) == -1)
			die(STATUS_USAGE, "'%s' is not a time up to 24 h",
			    optarg);
		w.deadline = clock_mono() + ms;
	}
	if (optind == argc) {
		log_error("wait: name a channel");
		return COMMAND_MISUSED;
	}

	status = take_names(&w, argc - optind, argv + optind);
	if (status == STATUS_OK)
		status = watch(&w);
	if (status == STATUS_OK)
		status = wait_for_all(&w);
	close(w.changes);
	close(w.reader);
	free(w.v);
	return status;
}
