#ifndef SIM_ROOM_H
#define SIM_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel.h"
#include "slice.h"

/* Channels, and who has joined them. */

struct client;

/* What a JOIN of the channel gets. */
enum room_state {
	ROOM_OPEN,
	ROOM_SUSPENDED,
	ROOM_BANNED,
	ROOM_TOS,
	ROOM_SILENT /* nothing, as if it did not exist */
};

struct room {
	char name[CHANNEL_MAX + 1];
	char id[12]; /* room-id */
	struct slice name_slice, id_slice;
	enum room_state state;
	struct client **members;
	size_t count, cap;
	uint64_t said;     /* synthetic messages so far */
	bool listed;       /* among the joined ones, */
	size_t place;      /* there */
	struct room *next; /* of the same hash */
};

enum { ROOM_BUCKETS = 1 << 16 };

struct rooms {
	struct room *buckets[ROOM_BUCKETS];
	struct room **joined; /* those that have members, */
	size_t count, cap;
	bool keep; /* or ever had any */
};

/* The room of a channel name in canonical form, made if it is new. */
struct room *room_get(struct rooms *rooms, struct slice name);

/* The same, but NULL if it is new. */
struct room *room_find(const struct rooms *rooms, struct slice name);

/* A number of a name's own, always the same: room-id, user-id. */
unsigned room_number(struct slice name);

/* Add a member that is not one yet; take one out. */
void room_add(struct rooms *rooms, struct room *room, struct client *client);
void room_remove(struct rooms *rooms, struct room *room, struct client *client);

void rooms_free(struct rooms *rooms);

#endif
