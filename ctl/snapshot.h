#ifndef CTL_SNAPSHOT_H
#define CTL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the reader says of itself in status.json, at most a second old while
 * it runs. Times are Unix milliseconds, 0 when there is none; strings are
 * never NULL and live as long as the snapshot. What the file has besides, and
 * what of this it has not, is no error.
 */
struct snapshot_connection {
	const char *state;
	int64_t last_line;
};

struct snapshot_channel {
	const char *name; /* the login */
	const char *phase;
	const char *reason; /* of a refusal */
	const struct cJSON *json;
};

struct snapshot {
	struct cJSON *json;
	int64_t pid;
	const char *started_at, *updated_at; /* RFC 3339 */
	struct snapshot_connection *connections;
	struct snapshot_channel *channels;
	size_t connections_n, channels_n;
};

/*
 * Read status.json of the run directory. Returns 0; or -1 with errno set,
 * EBADMSG when it is not what a reader writes.
 */
int snapshot_read(struct snapshot *s);

/*
 * The channels that the next reader will read: channels.json of the state
 * directory, as a snapshot with idle channels only. Returns as snapshot_read.
 */
int snapshot_read_saved(struct snapshot *s);

/*
 * The same for programs, in one line of JSON without its LF: the whole
 * file, with `running`, whether the reader is; what the file says of a channel. The caller frees. NULL when out of memory.
 */
char *snapshot_json(struct snapshot *s, bool running);
char *snapshot_channel_json(const struct snapshot_channel *c);

void snapshot_free(struct snapshot *s);

#endif
