#ifndef SIM_HELIX_H
#define SIM_HELIX_H

#include <stdbool.h>
#include <stdint.h>

struct cJSON;
struct oauth;
struct web_request;

/*
 * The simulator's api.twitch.tv/helix: /streams and /games, the token bucket
 * and its headers, and the ways in which paging is known to go wrong.
 * Stream i of n has the login streamer%05d and 3 (n - i) viewers.
 */
struct helix {
	const struct oauth *oauth; /* whose tokens are good */
	/*
	 * What /sim/set sets. Of each kind of trouble: 0 none, 1 always; of
	 * invalid_cursor and unauthorized: so many times.
	 */
	int64_t streams;
	int64_t limit, window; /* points, and seconds until they are back */
	int64_t short_pages, overlap, loop, repeat_cursor, empty_end;
	int64_t invalid_cursor, unauthorized;

	int64_t left, full_at; /* points; on clock_wall(), in ms */
	struct {
		int64_t calls, limited, unauthorized;
	} counts;
};

void helix_open(struct helix *helix, const struct oauth *oauth);

/* As of oauth.h. */
bool helix_handle(struct helix *helix, struct web_request *r);
bool helix_set(struct helix *helix, const char *name, int64_t value);
void helix_count(const struct helix *helix, struct cJSON *json);

#endif
