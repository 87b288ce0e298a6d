#include "client.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "log.h"
#include "secret.h"
#include "text.h"
#include "variable.h"

/* The first of two variables that is set and not empty, or NULL. */
static const char *
either(const char *name, const char *other)
{
	const char *v = variable(name);

	return v != NULL ? v : variable(other);
}

/* What client.json says; a missing file says nothing. */
static enum status
read_file(struct client *client)
{
	char path[DIRS_PATH_MAX];
	enum status status = file_path("client.json", path);
	cJSON *json = NULL;

	if (status == STATUS_OK)
		status = file_read(path, &json);
	client->id = text_copy(text_member(json, "client_id"));
	client->secret = text_copy(text_member(json, "client_secret"));
	cJSON_Delete(json);
	return status;
}

/* The client that is configured, if one is. */
static enum status
configured(struct client *client)
{
	const char *id = either("TWITCH_CLIENT_ID", "CLIENT_ID");
	const char *secret = either("TWITCH_CLIENT_SECRET", "CLIENT_SECRET");
	enum status status;

	*client = (struct client){0};
	if (id == NULL || secret == NULL) {
		status = read_file(client);
		if (status != STATUS_OK)
			return status;
	}
	if (id != NULL && (client->id == NULL || strcmp(id, client->id) != 0)) {
		client_free(client);
		client->id = text_copy(id);
	}
	if (secret != NULL) {
		secret_free(client->secret);
		client->secret = text_copy(secret);
	}
	return STATUS_OK;
}

enum status
client_load(struct client *client, const char *id)
{
	enum status status = configured(client);

	if (status == STATUS_OK && id != NULL &&
	    (client->id == NULL || strcmp(id, client->id) != 0)) {
		client_free(client);
		client->id = text_copy(id);
	}
	if (status == STATUS_OK && client->id == NULL) {
		log_error("no client id; register an application at "
			  "https://dev.twitch.tv/console/apps, then run: "
			  "twitch-oauth client");
		status = STATUS_USAGE;
	} else if (status == STATUS_OK &&
	    (!text_is_word(client->id) ||
		(client->secret != NULL && !text_is_word(client->secret)))) {
		log_error("the client id or secret holds a space or a control "
			  "character");
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		client_free(client);
	return status;
}

enum status
client_save(const char *id, const char *secret)
{
	char path[DIRS_PATH_MAX];
	enum status status = file_path("client.json", path);
	cJSON *json = cJSON_CreateObject();

	if (cJSON_AddStringToObject(json, "client_id", id) == NULL ||
	    (*secret != '\0' &&
		cJSON_AddStringToObject(json, "client_secret", secret) == NULL))
		die(STATUS_FAILED, "out of memory");
	if (status == STATUS_OK)
		status = file_write(path, json);
	cJSON_Delete(json);
	return status;
}

void
client_free(struct client *client)
{
	free(client->id);
	secret_free(client->secret);
	*client = (struct client){0};
}
