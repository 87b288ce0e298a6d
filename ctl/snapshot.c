#include "snapshot.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>

#include "atomic.h"
#include "dirs.h"

enum { FILE_MAX = 256 * 1024 * 1024 }; /* a million channels */

static const char *
text_of(const cJSON *object, const char *key)
{
	const char *s =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return s != NULL ? s : "";
}

static int64_t
number_of(const cJSON *object, const char *key)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNumber(n) ? (int64_t)n->valuedouble : 0;
}

/* The array of that name and its length, or NULL when it is no array. */
static const cJSON *
array_of(const cJSON *object, const char *key, size_t *n)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsArray(array))
		return NULL;
	*n = (size_t)cJSON_GetArraySize(array);
	return array;
}

static int
fill_connections(struct snapshot *s)
{
	const cJSON *array, *item;
	struct snapshot_connection *c;

	array = array_of(s->json, "connections", &s->connections_n);
	if (array == NULL)
		return 0;
	c = s->connections = calloc(s->connections_n + 1, sizeof(*c));
	if (c == NULL)
		return -1;
	cJSON_ArrayForEach(item, array)
	{
		c->state = text_of(item, "state");
		c->last_line = number_of(item, "last_line");
		c++;
	}
	return 0;
}

/* An item is an object, in status.json, or a string "#login". */
static int
fill_channels(struct snapshot *s)
{
	const cJSON *array, *item;
	struct snapshot_channel *c;

	array = array_of(s->json, "channels", &s->channels_n);
	if (array == NULL) {
		errno = EBADMSG;
		return -1;
	}
	c = s->channels = calloc(s->channels_n + 1, sizeof(*c));
	if (c == NULL)
		return -1;
	cJSON_ArrayForEach(item, array)
	{
		c->json = item;
		if (cJSON_IsString(item)) {
			c->name = item->valuestring;
			c->name += *c->name == '#';
			c->phase = "idle";
			c->reason = "";
		} else {
			c->name = text_of(item, "channel");
			c->phase = text_of(item, "phase");
			c->reason = text_of(item, "reason");
		}
		c++;
	}
	return 0;
}

static int
read_file(struct snapshot *s, const char *path)
{
	size_t len;
	char *text = atomic_read(path, FILE_MAX, &len);
	int saved;

	*s = (struct snapshot){0};
	if (text == NULL)
		return -1;
	s->json = cJSON_ParseWithLength(text, len);
	free(text);
	if (!cJSON_IsObject(s->json)) {
		snapshot_free(s);
		errno = EBADMSG;
		return -1;
	}
	s->pid = number_of(s->json, "pid");
	s->started_at = text_of(s->json, "started_at");
	s->updated_at = text_of(s->json, "updated_at");
	if (fill_connections(s) == 0 && fill_channels(s) == 0)
		return 0;
	saved = errno;
	snapshot_free(s);
	errno = saved;
	return -1;
}

int
snapshot_read(struct snapshot *s)
{
	char path[DIRS_PATH_MAX];

	*s = (struct snapshot){0};
	return dirs_run("status.json", path) == 0 ? read_file(s, path) : -1;
}

int
snapshot_read_saved(struct snapshot *s)
{
	char path[DIRS_PATH_MAX];

	*s = (struct snapshot){0};
	return dirs_state("channels.json", path) == 0 ? read_file(s, path) : -1;
}

char *
snapshot_json(struct snapshot *s, bool running)
{
	cJSON_AddBoolToObject(s->json, "running", running);
	return cJSON_PrintUnformatted(s->json);
}

char *
snapshot_channel_json(const struct snapshot_channel *c)
{
	cJSON *idle;
	char *text;

	if (!cJSON_IsString(c->json))
		return cJSON_PrintUnformatted(c->json);
	idle = cJSON_CreateObject();
	cJSON_AddStringToObject(idle, "channel", c->name);
	cJSON_AddStringToObject(idle, "phase", c->phase);
	text = cJSON_PrintUnformatted(idle);
	cJSON_Delete(idle);
	return text;
}

void
snapshot_free(struct snapshot *s)
{
	cJSON_Delete(s->json);
	free(s->connections);
	free(s->channels);
	*s = (struct snapshot){0};
}
