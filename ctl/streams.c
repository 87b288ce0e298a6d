#include "streams.h"

#include <cjson/cJSON.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int
streams_open(struct streams *streams, int64_t most, int64_t min_viewers)
{
	*streams = (struct streams){.most = most, .min_viewers = min_viewers};
	streams->logins = calloc((size_t)most, sizeof(*streams->logins));
	return streams->logins == NULL ? -1 : 0;
}

static void
keep(void *login)
{
	(void)login;
}

void
streams_close(struct streams *streams)
{
	tdestroy(streams->seen, keep);
	free(streams->logins);
	free(streams->cursor);
}

static const char *
text(const cJSON *json, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json,
	    name));
}

static double
viewers(const cJSON *stream)
{
	const cJSON *n =
	    cJSON_GetObjectItemCaseSensitive(stream, "viewer_count");

	return cJSON_IsNumber(n) ? n->valuedouble : 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Take a stream unless it is of no interest. True if it was new. */
static bool
take_stream(struct streams *s, const cJSON *stream)
{
	char *login = s->logins[s->count];
	const char *said = text(stream, "user_login");
	char **found;

	if (said == NULL || channel_name(slice_of(said), login) == -1 ||
	    viewers(stream) < (double)s->min_viewers)
		return false;
	found = tsearch(login, &s->seen, compare);
	if (found == NULL || *found != login)
		return false;
	s->count++;
	return true;
}

/* True if the page names a cursor other than the one it was got with. */
static bool
move_on(struct streams *s, const cJSON *page)
{
	const char *cursor =
	    text(cJSON_GetObjectItemCaseSensitive(page, "pagination"),
		"cursor");
	char *next;

	if (cursor == NULL || *cursor == '\0' ||
	    (s->cursor != NULL && strcmp(cursor, s->cursor) == 0))
		return false;
	next = strdup(cursor);
	free(s->cursor);
	s->cursor = next;
	return next != NULL;
}

bool
streams_page(struct streams *s, const cJSON *page,
    void (*take)(void *arg, const cJSON *stream), void *arg)
{
	const cJSON *stream;
	size_t before = s->count;

	cJSON_ArrayForEach(stream,
	    cJSON_GetObjectItemCaseSensitive(page, "data"))
	{
		if ((int64_t)s->count == s->most)
			return false;
		if (take_stream(s, stream) && take != NULL)
			take(arg, stream);
	}
	return s->count > before && (int64_t)s->count < s->most &&
	    move_on(s, page);
}

/* Members of Helix's by the names that events use; empty ones are left out. */
static bool
add_text(cJSON *record, const char *name, const cJSON *stream,
    const char *theirs)
{
	const char *value = text(stream, theirs);

	return value == NULL || *value == '\0' ||
	    cJSON_AddStringToObject(record, name, value) != NULL;
}

static bool
add_number(cJSON *record, const char *name, double value)
{
	return cJSON_AddNumberToObject(record, name, value) != NULL;
}

/* RFC 3339, as Helix writes it, in Unix ms; -1 when it is something else. */
static double
milliseconds(const char *time)
{
	struct tm tm = {0};
	char *end = time == NULL ? NULL : strptime(time, "%Y-%m-%dT%TZ", &tm);

	return end == NULL || *end != '\0' ? -1 : (double)timegm(&tm) * 1000;
}

static bool
add_tags(cJSON *record, const cJSON *stream)
{
	const cJSON *tags = cJSON_GetObjectItemCaseSensitive(stream, "tags");
	cJSON *copy;

	if (cJSON_GetArraySize(tags) == 0)
		return true;
	copy = cJSON_Duplicate(tags, true);
	return copy != NULL &&
	    cJSON_AddItemToObject(record, "stream_tags", copy);
}

cJSON *
streams_record(const cJSON *stream, int64_t taken_at)
{
	const char *stream_id = text(stream, "id");
	double started = milliseconds(text(stream, "started_at"));
	cJSON *record = cJSON_CreateObject();
	char id[64];

	/* One stream is in many snapshots: each is an event of its own. */
	snprintf(id, sizeof(id), "%s-%lld", stream_id == NULL ? "" : stream_id,
	    (long long)taken_at);
	if (cJSON_AddStringToObject(record, "type", "stream") != NULL &&
	    add_number(record, "timestamp", (double)taken_at) &&
	    add_text(record, "channel", stream, "user_login") &&
	    add_text(record, "channel_id", stream, "user_id") &&
	    cJSON_AddStringToObject(record, "id", id) != NULL &&
	    add_text(record, "display_name", stream, "user_name") &&
	    add_text(record, "stream_id", stream, "id") &&
	    add_text(record, "kind", stream, "type") &&
	    add_text(record, "title", stream, "title") &&
	    add_text(record, "game_id", stream, "game_id") &&
	    add_text(record, "game_name", stream, "game_name") &&
	    add_number(record, "viewer_count", viewers(stream)) &&
	    (started < 0 || add_number(record, "started_at", started)) &&
	    add_text(record, "language", stream, "language") &&
	    add_text(record, "thumbnail_url", stream, "thumbnail_url") &&
	    add_tags(record, stream) &&
	    (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(stream,
		 "is_mature")) ||
		cJSON_AddTrueToObject(record, "is_mature") != NULL))
		return record;
	cJSON_Delete(record);
	return NULL;
}
