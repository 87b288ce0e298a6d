#include "channels.h"

#include <stdlib.h>

#include "memory.h"

enum { BUCKETS_MIN = 64 };

void
channels_open(struct channels *c)
{
	*c = (struct channels){.bucket = NULL};
	TAILQ_INIT(&c->all);
}

void
channels_close(struct channels *c)
{
	while (!TAILQ_EMPTY(&c->all))
		channels_remove(c, TAILQ_FIRST(&c->all));
	free(c->bucket);
	c->bucket = NULL;
}

/* FNV-1a. */
static size_t
hash(struct slice name)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static struct channel **
bucket_of(const struct channels *c, struct slice name)
{
	return &c->bucket[hash(name) & (c->buckets - 1)];
}

struct channel *
channels_find(const struct channels *c, struct slice name)
{
	struct channel *ch;

	if (c->buckets == 0 || name.len > CHANNEL_MAX)
		return NULL;
	for (ch = *bucket_of(c, name); ch != NULL; ch = ch->next)
		if (memcmp(ch->name, name.p, name.len) == 0 &&
		    ch->name[name.len] == '\0')
			return ch;
	return NULL;
}

static void
insert(struct channels *c, struct channel *ch)
{
	struct channel **bucket = bucket_of(c, slice_of(ch->name));

	ch->next = *bucket;
	*bucket = ch;
}

static void
grow(struct channels *c)
{
	struct channel *ch;

	free(c->bucket);
	c->buckets = c->buckets == 0 ? BUCKETS_MIN : 2 * c->buckets;
	c->bucket = memory_new(c->buckets, sizeof(*c->bucket));
	TAILQ_FOREACH(ch, &c->all, all)
	{
		insert(c, ch);
	}
}

struct channel *
channels_add(struct channels *c, const char *name)
{
	struct channel *ch = memory_new(1, sizeof(*ch));

	memcpy(ch->name, name, strlen(name) + 1);
	TAILQ_INIT(&ch->seats);
	if (c->n == c->buckets)
		grow(c);
	insert(c, ch);
	TAILQ_INSERT_TAIL(&c->all, ch, all);
	c->n++;
	return ch;
}

void
channels_remove(struct channels *c, struct channel *channel)
{
	struct channel **p = bucket_of(c, slice_of(channel->name));
	struct seat *seat;

	while ((seat = TAILQ_FIRST(&channel->seats)) != NULL) {
		TAILQ_REMOVE(&channel->seats, seat, same);
		free(seat);
	}
	if (c->walk == channel)
		channels_next(c);
	if (c->walk_end == channel)
		c->walk_end = TAILQ_PREV(channel, all_channels, all);
	while (*p != channel)
		p = &(*p)->next;
	*p = channel->next;
	TAILQ_REMOVE(&c->all, channel, all);
	c->n--;
	free(channel);
}

void
channels_walk(struct channels *c)
{
	c->walk = TAILQ_FIRST(&c->all);
	c->walk_end = TAILQ_LAST(&c->all, all_channels);
}

struct channel *
channels_next(struct channels *c)
{
	struct channel *ch = c->walk;

	if (ch != NULL)
		c->walk = ch == c->walk_end ? NULL : TAILQ_NEXT(ch, all);
	return ch;
}

const char *
channels_phase_name(enum phase phase)
{
	static const char *const names[PHASES] = {[PHASE_IDLE] = "idle",
	    [PHASE_REFUSED] = "refused",
	    [PHASE_PARTING] = "parting",
	    [PHASE_JOINING] = "joining",
	    [PHASE_JOINED] = "joined"};

	return names[phase];
}
