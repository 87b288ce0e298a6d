/*
 * What an event costs the reconciler: the processor's time for each, with
 * 1,000, 10,000 and 100,000 channels. It is the same whatever the number, but
 * for what the caches hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../collector/reconcile.h"

enum { EACH = 90, EVENTS = 200000, SECOND = 1000 };

static struct reconcile r;
static struct client *clients;
static struct identity *identities, account;
static char (*names)[CHANNEL_MAX + 1];
static size_t channels, connections;
static bool one_account;
static unsigned redundancy;
static int64_t now;

/* Channels that a client was asked to join or to part: answered later. */
static struct answer {
	struct client *client;
	struct channel *channel;
	bool part;
} *answers;
static size_t unanswered;

static void
note(struct client *client, struct channel *const *list, unsigned n, bool part)
{
	for (unsigned i = 0; i < n; i++)
		answers[unanswered++] = (struct answer){client, list[i], part};
}

static void
on_join(void *arg, struct client *client, struct channel *const *list,
    unsigned n)
{
	(void)arg;
	note(client, list, n, false);
}

static void
on_part(void *arg, struct client *client, struct channel *const *list,
    unsigned n)
{
	(void)arg;
	note(client, list, n, true);
}

static void
on_joined(void *arg, struct client *client, const struct channel *channel)
{
	(void)arg;
	(void)client;
	(void)channel;
}

static void
on_parted(void *arg, struct client *client, const struct channel *channel,
    const char *reason)
{
	(void)arg;
	(void)client;
	(void)channel;
	(void)reason;
}

static void
on_gap(void *arg, struct channel *channel, int64_t from, int64_t to,
    const char *reason)
{
	(void)arg;
	(void)channel;
	(void)from;
	(void)to;
	(void)reason;
}

static void
on_forgotten(void *arg, struct channel *channel)
{
	(void)arg;
	(void)channel;
}

static void
on_client(void *arg, struct client *client)
{
	(void)arg;
	(void)client;
}

static const struct reconcile_hooks hooks = {.join = on_join,
    .part = on_part,
    .joined = on_joined,
    .parted = on_parted,
    .refused = on_joined,
    .gap = on_gap,
    .forgotten = on_forgotten,
    .mute = on_client,
    .left = on_client};

/* The server does what it was asked for. */
static void
answer(void)
{
	for (size_t i = 0; i < unanswered; i++) {
		const struct answer *a = &answers[i];
		struct slice name = slice_of(a->channel->name);

		if (a->part)
			reconcile_parted(&r, a->client, name, now);
		else
			reconcile_roomstate(&r, a->client, name, SLICE("1"),
			    now);
	}
	unanswered = 0;
}

/* Until nothing is left to do. */
static void
settle(void)
{
	do {
		reconcile_run(&r, now);
		now += SECOND;
		answer();
	} while (r.phases[PHASE_JOINED] < r.desired ||
	    r.channels.n > r.desired);
}

static size_t
any(size_t n)
{
	return (size_t)random() % n;
}

static size_t
want_all(void)
{
	for (size_t i = 0; i < channels; i++)
		reconcile_want(&r, names[i], now);
	return channels;
}

static size_t
join_all(void)
{
	settle();
	return 2 * channels; /* a JOIN and its answer each */
}

static size_t
set_the_same(void)
{
	struct name *set = calloc(channels, sizeof(*set));

	for (size_t i = 0; i < channels; i++)
		strcpy(set[i].text, names[i]);
	reconcile_set(&r, set, channels, now);
	free(set);
	return channels;
}

static size_t
find(void)
{
	size_t found = 0;

	for (size_t i = 0; i < EVENTS; i++)
		found += channels_find(&r.channels,
			     slice_of(names[any(channels)])) != NULL;
	return found;
}

/* Parted by the server, or unwanted and wanted again. */
static size_t
churn(void)
{
	for (size_t i = 0; i < EVENTS; i++) {
		const char *name = names[any(channels)];
		struct channel *ch = channels_find(&r.channels, slice_of(name));

		if (i % 2 == 0) {
			reconcile_unwant(&r, name, now);
			reconcile_run(&r, now);
			answer();
			reconcile_want(&r, name, now);
		} else if (TAILQ_FIRST(&ch->seats)->state == SEAT_JOINED) {
			reconcile_parted(&r, TAILQ_FIRST(&ch->seats)->client,
			    slice_of(name), now);
		}
		reconcile_run(&r, now);
		answer();
		now += 1;
	}
	settle();
	return 6 * EVENTS / 2;
}

/* A connection is lost, and another comes. */
static size_t
lose(void)
{
	size_t events = 0;

	while (events < EVENTS) {
		struct client *client = &clients[any(connections)];
		struct identity *identity = client->identity;
		unsigned side = client->side;

		events += 2 * client->count + 2;
		reconcile_detach(&r, client, now, now, now);
		reconcile_run(&r, now);
		reconcile_attach(&r, client, identity, side);
		now += SECOND;
		reconcile_run(&r, now);
		answer();
	}
	settle();
	return events;
}

static void
start(size_t n)
{
	struct limits none = {1000, 1000, 1000000};

	channels = n;
	connections = redundancy * ((n + EACH - 1) / EACH + 1);
	names = calloc(n, sizeof(*names));
	clients = calloc(connections, sizeof(*clients));
	identities = calloc(connections, sizeof(*identities));
	answers = calloc(redundancy * 2 * n + 1, sizeof(*answers));
	if (names == NULL || clients == NULL || identities == NULL ||
	    answers == NULL)
		exit(1);
	for (size_t i = 0; i < n; i++)
		snprintf(names[i], sizeof(names[i]), "c%zu", i);
	reconcile_open(&r, EACH, redundancy, &hooks, NULL);
	identity_open(&account, "account", &none);
	for (size_t i = 0; i < connections; i++) {
		identity_open(&identities[i], NULL, &none);
		reconcile_attach(&r, &clients[i],
		    one_account ? &account : &identities[i],
		    (unsigned)i % redundancy);
	}
}

static void
stop(void)
{
	for (size_t i = 0; i < connections; i++) {
		reconcile_detach(&r, &clients[i], now, now, now);
		identity_close(&identities[i]);
	}
	identity_close(&account);
	reconcile_close(&r);
	free(names);
	free(clients);
	free(identities);
	free(answers);
}

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const struct {
	const char *name;
	size_t (*run)(void); /* returns how many events that was */
} parts[] = {{"want", want_all}, {"join", join_all},
    {"set, nothing changes", set_the_same}, {"find for a line", find},
    {"part, join again", churn}, {"lose a connection", lose}};

static void
measure(const char *title)
{
	static const size_t sizes[] = {1000, 10000, 100000};
	enum { SIZES = 3, PARTS = sizeof(parts) / sizeof(parts[0]) };
	double took[SIZES][PARTS];

	for (int s = 0; s < SIZES; s++) {
		start(sizes[s]);
		for (int p = 0; p < PARTS; p++) {
			double begun = cpu();
			size_t events = parts[p].run();

			took[s][p] = (cpu() - begun) / (double)events;
		}
		stop();
	}
	printf("  %-22s %9s %9s %9s  ns/event, by channels\n", title, "1,000",
	    "10,000", "100,000");
	for (int p = 0; p < PARTS; p++)
		printf("  %-22s %9.0f %9.0f %9.0f\n", parts[p].name, took[0][p],
		    took[1][p], took[2][p]);
}

int
main(void)
{
	redundancy = 1;
	measure("anonymous");
	one_account = true;
	measure("one account");
	redundancy = 2;
	measure("one account, -R 2");
	return 0;
}
