#include "desired.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>

#include "atomic.h"
#include "channel_file.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "memory.h"
#include "stamp.h"

enum {
	FILE_MAX = 64 * 1024 * 1024,
	SCHEMA = 1,
	HEAD_MAX = 256, /* all but the account and the names */
	BESIDE_MAX = 8  /* beside each name */
};

/* True for what an anonymous reader is called. */
static bool
is_nobody(const char *account)
{
	return *account == '\0' || strcmp(account, "anonymous") == 0;
}

/* What is wrong with the document, or NULL. */
static const char *
check(const cJSON *doc, const char *account, enum desired_result *result)
{
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(doc, "schema");
	const cJSON *owner = cJSON_GetObjectItemCaseSensitive(doc, "account");
	const char *whose;

	*result = DESIRED_BAD;
	if (!cJSON_IsObject(doc) || !cJSON_IsNumber(schema))
		return "it is not a channels file";
	if (schema->valueint != SCHEMA)
		return "its schema is not 1";
	if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(doc, "channels")))
		return "it has no list of channels";
	whose = cJSON_GetStringValue(owner);
	*result = DESIRED_FOREIGN;
	if (whose != NULL && !is_nobody(whose) && !is_nobody(account) &&
	    strcmp(whose, account) != 0)
		return "it is the list of another account: give a "
		       "TWITCH_STATE_DIR of its own (twitch-ingest: --name), "
		       "or remove the file";
	*result = DESIRED_OK;
	return NULL;
}

static const char *
each_channel(const cJSON *list, desired_each *each, void *arg)
{
	const cJSON *item;
	char name[CHANNEL_MAX + 1];

	cJSON_ArrayForEach(item, list)
	{
		const char *typed = cJSON_GetStringValue(item);

		if (typed == NULL || channel_name(slice_of(typed), name) == -1)
			return "it lists something that is no channel";
		each(arg, name);
	}
	return NULL;
}

enum desired_result
desired_load(const char *path, const char *account, desired_each *each,
    void *arg)
{
	enum desired_result result;
	const char *wrong;
	size_t len;
	char *text = atomic_read(path, FILE_MAX, &len);
	cJSON *doc;

	if (text == NULL && errno == ENOENT)
		return DESIRED_NONE;
	if (text == NULL) {
		log_error("cannot read '%s': %s", path, strerror(errno));
		return DESIRED_BAD;
	}
	doc = cJSON_ParseWithLength(text, len);
	wrong = check(doc, account, &result);
	if (wrong == NULL) {
		wrong = each_channel(cJSON_GetObjectItemCaseSensitive(doc,
					 "channels"),
		    each, arg);
		if (wrong != NULL)
			result = DESIRED_BAD;
	}
	if (wrong != NULL)
		log_error("cannot use '%s': %s", path, wrong);
	cJSON_Delete(doc);
	free(text);
	return result;
}

int
desired_read_list(const char *path, desired_each *each, void *arg)
{
	struct channel_file file;
	char name[CHANNEL_MAX + 1];
	int n;

	if (channel_file_open(&file, path) == -1) {
		log_error("%s", file.why);
		return -1;
	}
	while ((n = channel_file_next(&file, name)) > 0)
		each(arg, name);
	if (n == -1)
		log_error("%s", file.why);
	channel_file_close(&file);
	return n;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The wanted names, sorted. The caller frees. */
static const char **
sorted(const struct channels *channels, size_t *n)
{
	const char **names = memory_new(channels->n + 1, sizeof(*names));
	struct channel *ch;

	*n = 0;
	TAILQ_FOREACH(ch, &channels->all, all)
	{
		if (ch->desired)
			names[(*n)++] = ch->name;
	}
	qsort(names, *n, sizeof(*names), by_name);
	return names;
}

char *
desired_text(const char *account, const struct channels *channels, size_t *len)
{
	size_t n;
	const char **names = sorted(channels, &n);
	char stamp[STAMP_MAX];
	char *text = memory_new(HEAD_MAX + JSON_STRING_MAX(strlen(account)) +
		n * (CHANNEL_MAX + BESIDE_MAX),
	    1);
	char *p = text;

	stamp_write(clock_wall(), stamp);
	p = json_raw(p, SLICE("{\"schema\":1,\n\"account\":"));
	p = json_string(p, slice_of(account));
	p = json_raw(p, SLICE(",\n\"updated_at\":"));
	p = json_string(p, slice_of(stamp));
	p = json_raw(p, SLICE(",\n\"channels\":["));
	for (size_t i = 0; i < n; i++) {
		p = json_raw(p, i == 0 ? SLICE("\n\"#") : SLICE(",\n\"#"));
		p = json_raw(p, slice_of(names[i]));
		*p++ = '"';
	}
	p = json_raw(p, SLICE("]}\n"));
	free(names);
	*len = (size_t)(p - text);
	return text;
}
