#ifndef TESTS_UNIT_RECONCILER_H
#define TESTS_UNIT_RECONCILER_H

/* A reconciler with a few connections, a clock turned by hand, and a note of
   all that its hooks were told. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../collector/reconcile.h"

enum { CLIENTS = 6, SECOND = 1000, START = 1000000 };

static struct reconcile r;
static struct identity ids[CLIENTS];
static struct client clients[CLIENTS];
static int64_t now;

/* What the hooks were called with: "join 0 a,b; joined 0 a id; …". */
static char said[64 * 1024];
static unsigned joins; /* channels that were asked for */

static inline void
say(const char *verb, struct client *client, const char *text)
{
	size_t n = strlen(said);

	snprintf(said + n, sizeof(said) - n, "%s%s %d %s", n == 0 ? "" : "; ",
	    verb, (int)(client - clients), text);
}

static inline void
say_list(const char *verb, struct client *client,
    struct channel *const *channels, unsigned n)
{
	char list[1024] = "";

	for (unsigned i = 0; i < n; i++) {
		strcat(list, i == 0 ? "" : ",");
		strcat(list, channels[i]->name);
	}
	say(verb, client, list);
}

static inline void
on_join(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	joins += n;
	say_list("join", client, channels, n);
}

static inline void
on_part(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	say_list("part", client, channels, n);
}

static inline void
on_joined(void *arg, struct client *client, const struct channel *channel)
{
	char text[64];

	(void)arg;
	snprintf(text, sizeof(text), "%s %s", channel->name, channel->id);
	say("joined", client, text);
}

static inline void
on_parted(void *arg, struct client *client, const struct channel *channel,
    const char *reason)
{
	char text[64];

	(void)arg;
	snprintf(text, sizeof(text), "%s %s", channel->name,
	    reason == NULL ? "-" : reason);
	say("parted", client, text);
}

static inline void
on_refused(void *arg, struct client *client, const struct channel *channel)
{
	char text[64];

	(void)arg;
	snprintf(text, sizeof(text), "%s %s", channel->name, channel->reason);
	say("refused", client, text);
}

static void
on_gap(void *arg, struct channel *channel, int64_t from, int64_t to,
    const char *reason)
{
	char text[128];

	(void)arg;
	snprintf(text, sizeof(text), "%s %lld-%lld %s", channel->name,
	    (long long)(from - START), (long long)(to - START), reason);
	say("gap", clients, text);
}

static void
on_forgotten(void *arg, struct channel *channel)
{
	(void)arg;
	(void)channel;
}

static void
on_mute(void *arg, struct client *client)
{
	(void)arg;
	say("mute", client, "");
}

static void
on_left(void *arg, struct client *client)
{
	(void)arg;
	say("left", client, "");
}

static const struct reconcile_hooks hooks = {.join = on_join,
    .part = on_part,
    .joined = on_joined,
    .parted = on_parted,
    .refused = on_refused,
    .gap = on_gap,
    .forgotten = on_forgotten,
    .mute = on_mute,
    .left = on_left};

static unsigned redundancy = 1;

static inline void
open_with(unsigned per_client, unsigned rooms)
{
	struct limits limits = {LIMITS_JOINS, LIMITS_LOGINS, rooms};

	now = START;
	joins = 0;
	said[0] = '\0';
	reconcile_open(&r, per_client, redundancy, &hooks, NULL);
	for (int i = 0; i < CLIENTS; i++)
		identity_open(&ids[i], NULL, &limits);
}

static inline void
setup(void)
{
	open_with(90, LIMITS_ROOMS);
}

static inline void
teardown(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		reconcile_detach(&r, &clients[i], now, now, now);
		identity_close(&ids[i]);
	}
	reconcile_close(&r);
}

static inline void
attach(int i)
{
	reconcile_attach(&r, &clients[i], &ids[i], 0);
}

/* The connection has ended, and lost nothing that was said till now. */
static inline void
detach(int i)
{
	reconcile_detach(&r, &clients[i], now, now, now);
}

/* Turn the clock on and run; what happens must be this. */
static inline void
after(int64_t ms, const char *expected)
{
	now += ms;
	said[0] = '\0';
	reconcile_run(&r, now);
	ck_assert_str_eq(said, expected);
}

/* Nothing until ms have passed, then this. */
static inline void
just_after(int64_t ms, const char *expected)
{
	after(ms - 1, "");
	after(1, expected);
}

static inline void
want(const char *name)
{
	reconcile_want(&r, name, now);
}

static inline void
roomstate(int i, const char *name, const char *id)
{
	reconcile_roomstate(&r, &clients[i], slice_of(name), slice_of(id), now);
}

static inline void
want_many(unsigned n)
{
	char name[16];

	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		want(name);
	}
}

static inline void
confirm_all(int i)
{
	struct seat *seat;

	TAILQ_FOREACH(seat, &clients[i].seats, held)
	{
		roomstate(i, seat->channel->name, "1");
	}
}

#endif
