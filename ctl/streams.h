#ifndef CTL_STREAMS_H
#define CTL_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channel.h"

struct cJSON;

/*
 * The walk over Helix's list of live streams, most viewers first, page by
 * page. The list moves while it is read, and its cursors are not to be
 * trusted: pages overlap, are short or empty, lead back to the first or to
 * themselves. Each channel is taken once, and a page with nothing new is the
 * last.
 */
enum { STREAMS_MAX = 200000 };

struct streams {
	int64_t most, min_viewers; /* channels; viewers of each */
	char (*logins)[CHANNEL_MAX + 1];
	size_t count;
	void *seen;   /* tsearch(3) tree of the logins */
	char *cursor; /* of the next page; NULL: there is none, or not yet */
};

/*
 * Begin a walk that takes `most` channels, 1 to STREAMS_MAX, of at least
 * min_viewers. Returns 0, or -1 when out of memory.
 */
int streams_open(struct streams *streams, int64_t most, int64_t min_viewers);
void streams_close(struct streams *streams);

/*
 * Take in a page, an answer of /streams. Each stream that is new is given to
 * `take`, if there is one, before its login counts. Returns true when there is
 * another page, after streams->cursor.
 */
bool streams_page(struct streams *streams, const struct cJSON *page,
    void (*take)(void *arg, const struct cJSON *stream), void *arg);

/*
 * What Helix says of a stream as a record of type "stream", in the shape of
 * irc-event(5), taken at a time in Unix ms. The caller deletes it; NULL when
 * out of memory.
 */
struct cJSON *streams_record(const struct cJSON *stream, int64_t taken_at);

#endif
