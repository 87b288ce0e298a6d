#include "overview.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "version.h"

/* A channel's place in the list. */
struct ranked {
	cJSON *item;
	bool joined;
	double lines;
	const char *name;
};

static int
by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->joined != y->joined)
		return x->joined ? 1 : -1;
	if (x->lines != y->lines)
		return x->lines > y->lines ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The object as a line, which the caller frees, or NULL; and it is deleted. */
static char *
print(cJSON *object)
{
	char *json = cJSON_PrintUnformatted(object), *line;

	if (json == NULL || asprintf(&line, "%s\n", json) == -1)
		line = NULL;
	free(json);
	cJSON_Delete(object);
	return line;
}

static double
number(const cJSON *object, const char *key)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNumber(n) ? n->valuedouble : 0;
}

/* Those whose name contains `find`, in order. Returns how many. */
static size_t
rank(struct ranked *ranked, const struct snapshot *s, const char *find)
{
	struct ranked *r = ranked;
	const char *name;
	cJSON *item;
	size_t i = 0;

	cJSON_ArrayForEach(item,
	    cJSON_GetObjectItemCaseSensitive(s->json, "channels"))
	{
		name = s->channels[i].name;
		if (strstr(name, find) != NULL)
			*r++ = (struct ranked){item,
			    strcmp(s->channels[i].phase, "joined") == 0,
			    number(item, "lines"), name};
		i++;
	}
	qsort(ranked, (size_t)(r - ranked), sizeof(*r), by_rank);
	return (size_t)(r - ranked);
}

static void
add_channels(cJSON *to, const struct snapshot *s, const char *find)
{
	struct ranked *ranked = calloc(s->channels_n + 1, sizeof(*ranked));
	cJSON *list = cJSON_AddArrayToObject(to, "channels");
	size_t n;

	if (ranked == NULL)
		return;
	n = rank(ranked, s, find);
	cJSON_AddNumberToObject(to, "found", (double)n);
	for (size_t i = 0; i < n && i < OVERVIEW_CHANNELS; i++)
		cJSON_AddItemReferenceToArray(list, ranked[i].item);
	free(ranked);
}

/* How many channels are in each phase. */
static void
add_phases(cJSON *to, const struct snapshot *s)
{
	static const char *const names[] = {
	    "joined", "joining", "idle", "parting", "refused"};
	enum { PHASES = sizeof(names) / sizeof(names[0]) };
	size_t count[PHASES] = {0};
	cJSON *phases = cJSON_AddObjectToObject(to, "phases");

	for (size_t i = 0; i < s->channels_n; i++)
		for (size_t p = 0; p < PHASES; p++)
			count[p] += strcmp(s->channels[i].phase, names[p]) == 0;
	for (size_t p = 0; p < PHASES; p++)
		cJSON_AddNumberToObject(phases, names[p], (double)count[p]);
}

/* Lines a second as a whole number: more digits would say nothing. */
static double
whole(double rate)
{
	return (double)(int64_t)(rate + 0.5);
}

static void
add_rates(cJSON *to, const struct history *history)
{
	cJSON *rates = cJSON_AddArrayToObject(to, "rates");

	cJSON_AddNumberToObject(to, "rate", whole(history_now(history)));
	for (size_t ago = history->n; ago-- > 0;)
		cJSON_AddItemToArray(rates,
		    cJSON_CreateNumber(whole(history_rate(history, ago))));
}

/* A metric as a member, if the file has it. */
static void
add_metric(cJSON *to, const char *name, const struct textfile *file,
    const char *metric)
{
	double v;

	if (textfile_sum(file, metric, &v))
		cJSON_AddNumberToObject(to, name, v);
}

static void
add_publisher(cJSON *list, const struct textfile *file)
{
	cJSON *to = cJSON_CreateObject();

	cJSON_AddStringToObject(to, "name", file->name);
	cJSON_AddBoolToObject(to, "stale", textfile_is_stale(file));
	cJSON_AddBoolToObject(to, "up", view_is_up(file));
	add_metric(to, "records", file, "_records_total");
	add_metric(to, "acknowledged", file, "_acknowledged_total");
	add_metric(to, "rejected", file, "_rejected_total");
	add_metric(to, "in_flight", file, "_in_flight");
	add_metric(to, "spool_bytes", file, "_spool_bytes");
	add_metric(to, "spool_seconds", file, "_spool_oldest_seconds");
	cJSON_AddItemToArray(list, to);
}

static void
add_metrics(cJSON *to, const struct textfiles *metrics)
{
	cJSON *publishers = cJSON_AddArrayToObject(to, "publishers");

	for (size_t i = 0; i < metrics->n; i++) {
		const struct textfile *file = &metrics->v[i];

		if (view_is_publisher(file))
			add_publisher(publishers, file);
		add_metric(to, "lines", file, "ws_reader_lines_total");
		add_metric(to, "gaps", file, "ws_reader_gaps_total");
		add_metric(to, "dropped", file,
		    "ws_reader_lines_dropped_total");
	}
}

char *
overview(const struct view *view, const struct history *history,
    const char *faults, const char *find)
{
	const struct snapshot *s = &view->status.snapshot;
	cJSON *to = cJSON_CreateObject(), *connections;

	cJSON_AddStringToObject(to, "version", VERSION);
	cJSON_AddNumberToObject(to, "now", (double)clock_wall());
	cJSON_AddBoolToObject(to, "ready", *faults == '\0');
	cJSON_AddStringToObject(to, "faults", faults);
	cJSON_AddBoolToObject(to, "running", view->listening);
	cJSON_AddNumberToObject(to, "written", (double)view->status.written);
	if (view->status.readable) {
		cJSON_AddStringToObject(to, "started_at", s->started_at);
		connections =
		    cJSON_GetObjectItemCaseSensitive(s->json, "connections");
		if (connections != NULL)
			cJSON_AddItemReferenceToObject(to, "connections",
			    connections);
	}
	add_rates(to, history);
	add_phases(to, s);
	add_channels(to, s, find);
	add_metrics(to, &view->metrics);
	return print(to);
}

char *
overview_saved(const struct view *view)
{
	const struct snapshot *s = &view->saved.snapshot;
	const char *account =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(s->json,
		"account"));
	cJSON *to = cJSON_CreateObject();

	cJSON_AddStringToObject(to, "account", account == NULL ? "" : account);
	cJSON_AddNumberToObject(to, "version", view->saved.version);
	cJSON_AddStringToObject(to, "updated_at",
	    view->saved.readable ? s->updated_at : "1970-01-01T00:00:00Z");
	if (view->saved.readable)
		cJSON_AddItemReferenceToObject(to, "channels",
		    cJSON_GetObjectItemCaseSensitive(s->json, "channels"));
	else
		cJSON_AddArrayToObject(to, "channels");
	return print(to);
}
