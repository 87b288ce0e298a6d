/* reconcile: all connections are replaced at the same time. */

#include "reconciler.h"

enum { STORM = 40, EACH = 90 };

/* Channels that no connection has. */
static unsigned
unheard(void)
{
	const struct channel *ch;
	unsigned n = 0;

	TAILQ_FOREACH(ch, &r.channels.all, all)
	{
		n += ch->phase != PHASE_JOINED;
	}
	return n;
}

static void
confirm_client(struct client *client)
{
	struct seat *seat;

	TAILQ_FOREACH(seat, &client->seats, held)
	{
		if (seat->state == SEAT_JOINING)
			reconcile_roomstate(&r, client,
			    slice_of(seat->channel->name), SLICE("1"), now);
	}
}

static void
answer_parts(struct client *client)
{
	struct seat *seat, *next;

	for (seat = TAILQ_FIRST(&client->seats); seat != NULL; seat = next) {
		next = TAILQ_NEXT(seat, held);
		if (seat->state == SEAT_PARTING)
			reconcile_parted(&r, client,
			    slice_of(seat->channel->name), now);
	}
}

static unsigned storm_joins[2 * STORM], storm_left;
static struct client storm[2 * STORM];
static struct identity who[2 * STORM];

static void
count_join(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	(void)channels;
	storm_joins[client - storm] += n;
}

static void
count_left(void *arg, struct client *client)
{
	(void)arg;
	(void)client;
	storm_left++;
}

static void
ignore_part(void *arg, struct client *client, struct channel *const *channels,
    unsigned n)
{
	(void)arg;
	(void)client;
	(void)channels;
	(void)n;
}

static void
ignore_joined(void *arg, struct client *client, const struct channel *channel)
{
	(void)arg;
	(void)client;
	(void)channel;
}

static void
no_gap(void *arg, struct channel *channel, int64_t from, int64_t to,
    const char *reason)
{
	(void)arg;
	(void)from;
	(void)to;
	ck_abort_msg("a gap in %s: %s", channel->name, reason);
}

static const struct reconcile_hooks storm_hooks = {.join = count_join,
    .part = ignore_part,
    .joined = ignore_joined,
    .gap = no_gap,
    .left = count_left};

/* A second, with every JOIN and PART answered at its end. */
static void
storm_second(void)
{
	now += SECOND;
	reconcile_run(&r, now);
	for (int i = 0; i < 2 * STORM; i++)
		if (storm[i].attached) {
			confirm_client(&storm[i]);
			answer_parts(&storm[i]);
		}
}

/* Everyone's successor comes half a second after the last one's. */
static void
replace_all(void)
{
	for (int i = 0; i < STORM; i++)
		reconcile_retire(&r, &storm[i]);
	for (int i = 0; i < STORM; i++) {
		struct client *new = &storm[STORM + i];

		reconcile_attach(&r, new, &who[STORM + i], 0);
		reconcile_inherit(&r, &storm[i], new, now);
		if (i % 2 == 0)
			storm_second();
		ck_assert_uint_eq(unheard(), 0);
	}
}

START_TEST(test_a_storm_leaves_no_channel_and_breaks_no_limit)
{
	struct limits limits = {LIMITS_JOINS, LIMITS_LOGINS, LIMITS_ROOMS};
	unsigned before[2 * STORM];

	teardown();
	setup();
	reconcile_close(&r);
	reconcile_open(&r, EACH, 1, &storm_hooks, NULL);
	want_many(STORM * EACH);
	for (int i = 0; i < 2 * STORM; i++)
		identity_open(&who[i], NULL, &limits);
	for (int i = 0; i < STORM; i++)
		reconcile_attach(&r, &storm[i], &who[i], 0);
	while (unheard() > 0)
		storm_second();
	replace_all();
	while (storm_left < STORM) {
		memcpy(before, storm_joins, sizeof(before));
		for (int t = 0; t < 10; t++)
			storm_second();
		for (int i = 0; i < 2 * STORM; i++)
			ck_assert_uint_le(storm_joins[i] - before[i],
			    LIMITS_JOINS);
		ck_assert_uint_eq(unheard(), 0);
	}
	for (int i = 0; i < STORM; i++) {
		ck_assert_uint_eq(storm[i].count, 0);
		ck_assert_uint_eq(storm_joins[STORM + i], EACH);
	}
	for (int i = 0; i < 2 * STORM; i++) {
		reconcile_detach(&r, &storm[i], now, now, now);
		identity_close(&who[i]);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("storm");
	TCase *tc = tcase_create("storm");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_storm_leaves_no_channel_and_breaks_no_limit);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
