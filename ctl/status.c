#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "listener.h"
#include "log.h"
#include "snapshot.h"
#include "status.h"

enum { TALLY_MAX = 16, LABEL_WIDTH = 13 };

/* How many there are of each kind, in the order in which they came. */
struct tally {
	size_t n;
	struct {
		const char *what;
		size_t count;
	} kinds[TALLY_MAX];
};

static void
tally_add(struct tally *t, const char *what)
{
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(t->kinds[i].what, what) == 0) {
			t->kinds[i].count++;
			return;
		}
	}
	if (t->n == TALLY_MAX)
		return;
	t->kinds[t->n].what = what;
	t->kinds[t->n++].count = 1;
}

static void
print_tally(const char *label, size_t total, const struct tally *t)
{
	printf("%-*s%zu", LABEL_WIDTH, label, total);
	for (size_t i = 0; i < t->n; i++)
		printf("%s %zu %s", i == 0 ? ":" : ",", t->kinds[i].count,
		    t->kinds[i].what);
	putchar('\n');
}

/* The largest unit that gives at least one of it. */
static void
print_age(const char *label, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {
	    {86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
	size_t i = 0;

	while (i < 3 && ms < units[i].ms)
		i++;
	printf("%-*s%.1f %s ago\n", LABEL_WIDTH, label,
	    (double)(ms < 0 ? 0 : ms) / (double)units[i].ms, units[i].name);
}

static void
print_connections(const struct snapshot *s)
{
	struct tally states = {0};
	int64_t last = 0;

	for (size_t i = 0; i < s->connections_n; i++) {
		tally_add(&states, s->connections[i].state);
		if (s->connections[i].last_line > last)
			last = s->connections[i].last_line;
	}
	print_tally("connections", s->connections_n, &states);
	if (last > 0)
		print_age("last line", clock_wall() - last);
}

static void
print_channels(const struct snapshot *s)
{
	struct tally phases = {0};

	for (size_t i = 0; i < s->channels_n; i++)
		tally_add(&phases, s->channels[i].phase);
	print_tally("channels", s->channels_n, &phases);
	for (size_t i = 0; i < s->channels_n; i++)
		if (strcmp(s->channels[i].phase, "refused") == 0)
			printf("%-*s%s: %s\n", LABEL_WIDTH, "refused",
			    s->channels[i].name, s->channels[i].reason);
}

static void
print(const struct snapshot *s, bool runs)
{
	if (runs)
		printf("%-*spid %" PRId64 ", since %s\n", LABEL_WIDTH, "reader",
		    s->pid, s->started_at);
	else
		printf("%-*snot running; this is from %s\n", LABEL_WIDTH,
		    "reader", s->updated_at);
	print_connections(s);
	print_channels(s);
}

static void
print_json(struct snapshot *s, bool runs)
{
	char *text = snapshot_json(s, runs);

	if (text == NULL)
		die(STATUS_FAILED, "out of memory");
	puts(text);
	free(text);
}

int
command_status(int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'J'},
	    {NULL, 0, NULL, 0},
	};
	struct snapshot s;
	bool runs = listener_exists(), json = false;
	int option;

	while ((option = getopt_long(argc, argv, "J", options, NULL)) != -1) {
		if (option != 'J')
			return COMMAND_MISUSED;
		json = true;
	}
	if (optind < argc) {
		log_error("status: '%s' is more than it takes", argv[optind]);
		return COMMAND_MISUSED;
	}
	if (snapshot_read(&s) == -1) {
		if (!runs)
			return listener_missing();
		log_error("cannot read status.json: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (json)
		print_json(&s, runs);
	else
		print(&s, runs);
	snapshot_free(&s);
	return runs ? STATUS_OK : STATUS_FAILED;
}
