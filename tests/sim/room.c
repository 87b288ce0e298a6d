#include "room.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "status.h"

/* FNV-1a, 32 bits. */
static uint32_t
hash(struct slice name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.p[i]) * 16777619u;
	return h;
}

unsigned
room_number(struct slice name)
{
	return 10000 + hash(name) % 1000000000;
}

struct room *
room_find(const struct rooms *rooms, struct slice name)
{
	struct room *room = rooms->buckets[hash(name) % ROOM_BUCKETS];

	while (room != NULL && !slice_eq(room->name_slice, name))
		room = room->next;
	return room;
}

struct room *
room_get(struct rooms *rooms, struct slice name)
{
	struct room *room = room_find(rooms, name);
	uint32_t h = hash(name);

	if (room != NULL)
		return room;
	room = calloc(1, sizeof(*room));
	if (room == NULL)
		die(STATUS_FAILED, "out of memory");
	memcpy(room->name, name.p, name.len);
	snprintf(room->id, sizeof(room->id), "%u", room_number(name));
	room->name_slice = slice_of(room->name);
	room->id_slice = slice_of(room->id);
	room->next = rooms->buckets[h % ROOM_BUCKETS];
	rooms->buckets[h % ROOM_BUCKETS] = room;
	return room;
}

/* Make place for one more pointer in an array. */
static void *
grow(void *array, size_t count, size_t *cap)
{
	if (count < *cap)
		return array;
	*cap = *cap > 0 ? *cap * 2 : 4;
	array = realloc(array, *cap * sizeof(void *));
	if (array == NULL)
		die(STATUS_FAILED, "out of memory");
	return array;
}

void
room_add(struct rooms *rooms, struct room *room, struct client *client)
{
	if (!room->listed) {
		room->listed = true;
		rooms->joined = grow(rooms->joined, rooms->count, &rooms->cap);
		room->place = rooms->count;
		rooms->joined[rooms->count++] = room;
	}
	room->members = grow(room->members, room->count, &room->cap);
	room->members[room->count++] = client;
}

void
room_remove(struct rooms *rooms, struct room *room, struct client *client)
{
	size_t i = 0;

	while (room->members[i] != client)
		i++;
	room->members[i] = room->members[--room->count];
	if (room->count == 0 && !rooms->keep) {
		struct room *last = rooms->joined[--rooms->count];

		last->place = room->place;
		rooms->joined[room->place] = last;
		room->listed = false;
	}
}

void
rooms_free(struct rooms *rooms)
{
	for (size_t i = 0; i < ROOM_BUCKETS; i++) {
		while (rooms->buckets[i] != NULL) {
			struct room *room = rooms->buckets[i];

			rooms->buckets[i] = room->next;
			free(room->members);
			free(room);
		}
	}
	free(rooms->joined);
}
