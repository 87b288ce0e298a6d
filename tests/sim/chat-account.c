/*
 * chat-account [-l LATENCIES] [SENT]: every event on standard input against
 * what twitch-sim says it sent (its --sent log). Prints one table: lines sent,
 * records found, lost, duplicated, and the latencies' median and 99th
 * percentile when chat-show measured them. Exits 1 when anything was lost or
 * doubled.
 *
 * An event is known by its `id`; the log's lines without one do not count.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line.h"
#include "log.h"
#include "scan.h"
#include "status.h"
#include "stop.h"

enum { EVENT_MAX = 1024 * 1024 };

struct entry {
	uint64_t hash; /* 0: free */
	unsigned sent, found;
};

/* Ids, open addressing, doubled when half full. */
struct ledger {
	struct entry *entries;
	size_t size, used;
	unsigned long sent, found, other;
};

static uint64_t
hash_of(struct slice s)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a, 64 bits */

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h == 0 ? 1 : h;
}

static struct entry *
find(struct ledger *l, uint64_t hash)
{
	size_t i = hash & (l->size - 1);

	while (l->entries[i].hash != 0 && l->entries[i].hash != hash)
		i = (i + 1) & (l->size - 1);
	return &l->entries[i];
}

static void
grow(struct ledger *l)
{
	struct ledger big = *l;

	big.size = l->size == 0 ? 1024 : l->size * 2;
	big.entries = calloc(big.size, sizeof(*big.entries));
	if (big.entries == NULL)
		die(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < l->size; i++)
		if (l->entries[i].hash != 0)
			*find(&big, l->entries[i].hash) = l->entries[i];
	free(l->entries);
	*l = big;
}

static struct entry *
enter(struct ledger *l, struct slice id)
{
	struct entry *e;

	if (l->used * 2 >= l->size)
		grow(l);
	e = find(l, hash_of(id));
	if (e->hash == 0) {
		e->hash = hash_of(id);
		l->used++;
	}
	return e;
}

static void
take(struct ledger *l, struct slice line, bool sent)
{
	struct slice id = {NULL, 0};
	struct scan_member m;
	struct scan s;

	scan_open(&s, line);
	while (scan_next(&s, &m))
		if (slice_eq(m.key, SLICE("id")))
			id = m.value;
	if (s.error != NULL)
		die(STATUS_FAILED, "not an event: %s: %.*s", s.error,
		    (int)(line.len < 80 ? line.len : 80), line.p);
	if (id.len == 0) {
		l->other += !sent;
	} else if (sent) {
		l->sent++;
		enter(l, id)->sent++;
	} else {
		l->found++;
		enter(l, id)->found++;
	}
}

static void
take_all(struct ledger *l, int fd, bool sent)
{
	struct line_reader in;
	struct line line;
	int n;

	if (line_open(&in, fd, EVENT_MAX) == -1)
		die(STATUS_FAILED, "out of memory");
	while ((n = line_fill(&in)) > 0)
		while (line_next(&in, &line))
			if (line.first && line.last && line.text.len > 0)
				take(l, line.text, sent);
	if (n == -1)
		die(STATUS_FAILED, "cannot read: %s", strerror(errno));
	line_close(&in);
}

static int
ascending(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static void
print_latencies(const char *path)
{
	FILE *f = fopen(path, "r");
	long *all = NULL, ms;
	size_t n = 0, room = 0;

	if (f == NULL)
		die(STATUS_FAILED, "cannot open '%s': %s", path,
		    strerror(errno));
	while (fscanf(f, "%ld", &ms) == 1) {
		if (n == room) {
			room = room == 0 ? 1024 : room * 2;
			all = realloc(all, room * sizeof(*all));
			if (all == NULL)
				die(STATUS_FAILED, "out of memory");
		}
		all[n++] = ms;
	}
	fclose(f);
	if (n > 0) {
		qsort(all, n, sizeof(*all), ascending);
		printf("  end to end, p50          %8ld ms\n", all[n / 2]);
		printf("  end to end, p99          %8ld ms\n",
		    all[n - 1 - n / 100]);
	}
	free(all);
}

/* Prints the table. Returns how many lines are lost or doubled. */
static unsigned long
print_table(const struct ledger *l, bool sent_known)
{
	unsigned long lost = 0, doubled = 0;

	for (size_t i = 0; i < l->size; i++) {
		const struct entry *e = &l->entries[i];

		lost += sent_known && e->found == 0 && e->sent > 0;
		doubled += e->found > 1 ? e->found - 1 : 0;
	}
	if (sent_known)
		printf("  chat lines sent          %8lu\n", l->sent);
	printf("  chat records in topic    %8lu\n", l->found);
	printf("  other records            %8lu\n", l->other);
	if (sent_known)
		printf("  lost                     %8lu\n", lost);
	printf("  duplicated               %8lu\n", doubled);
	return lost + doubled;
}

int
main(int argc, char *argv[])
{
	struct ledger ledger = {0};
	const char *latencies = NULL;
	unsigned long wrong;
	int c, fd;

	log_open("chat-account");
	while ((c = getopt(argc, argv, "l:")) != -1) {
		if (c != 'l')
			return STATUS_USAGE;
		latencies = optarg;
	}
	stop_on_signals(10);
	if (optind < argc) {
		fd = open(argv[optind], O_RDONLY);
		if (fd == -1)
			die(STATUS_USAGE, "cannot open '%s': %s", argv[optind],
			    strerror(errno));
		take_all(&ledger, fd, true);
		close(fd);
	}
	take_all(&ledger, STDIN_FILENO, false);
	wrong = print_table(&ledger, optind < argc);
	if (latencies != NULL)
		print_latencies(latencies);
	free(ledger.entries);
	if (fflush(stdout) == EOF)
		die(STATUS_FAILED, "cannot write: %s", strerror(errno));
	return wrong == 0 ? STATUS_OK : STATUS_FAILED;
}
