#include "api.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "log.h"
#include "status.h"
#include "web.h"

static void
on_set(struct api *api, struct web_request *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		const char *name = r->params[i].name;
		int64_t value = atoll(r->params[i].value);

		if (!oauth_set(&api->oauth, name, value) &&
		    !helix_set(&api->helix, name, value)) {
			web_text(r, 400, name);
			return;
		}
	}
	web_text(r, 200, "");
}

static void
on_counts(const struct api *api, struct web_request *r)
{
	cJSON *json = cJSON_CreateObject();

	oauth_count(&api->oauth, json);
	helix_count(&api->helix, json);
	cJSON_AddNumberToObject(json, "held", web_held(api->web));
	web_json(r, 200, json);
}

static void
on_request(void *arg, struct web_request *r)
{
	struct api *api = arg;

	if (strcmp(r->path, "/sim/set") == 0)
		on_set(api, r);
	else if (strcmp(r->path, "/sim/counts") == 0)
		on_counts(api, r);
	else if (!oauth_handle(&api->oauth, r))
		helix_handle(&api->helix, r);
}

void
api_open(struct api *api, const char *url_file)
{
	char url[64];

	oauth_open(&api->oauth);
	helix_open(&api->helix, &api->oauth);
	api->web = web_open(on_request, api);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u\n", web_port(api->web));
	if (atomic_write(url_file, slice_of(url), false) == -1)
		die(STATUS_USAGE, "cannot write '%s': %s", url_file,
		    strerror(errno));
}

void
api_close(struct api *api)
{
	web_close(api->web);
}
