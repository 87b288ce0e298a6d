#include "file.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "secret.h"

enum { FILE_BYTES_MAX = 64 * 1024 };

enum status
file_path(const char *name, char path[DIRS_PATH_MAX])
{
	if (dirs_login(name, path) == 0)
		return STATUS_OK;
	log_error("cannot make the state directory: %s",
	    errno == ENOENT ? "set TWITCH_STATE_DIR" : strerror(errno));
	return STATUS_USAGE;
}

enum status
file_read(const char *path, cJSON **json)
{
	char why[SECRET_WHY_MAX];
	size_t len;
	char *text = secret_read(path, FILE_BYTES_MAX, &len);

	*json = NULL;
	if (text == NULL && errno == ENOENT)
		return STATUS_OK;
	if (text == NULL) {
		log_error("%s", secret_why(path, errno, why));
		return STATUS_USAGE;
	}
	*json = cJSON_ParseWithLength(text, len);
	secret_free(text);
	if (cJSON_IsObject(*json))
		return STATUS_OK;
	cJSON_Delete(*json);
	*json = NULL;
	log_error("'%s' is not a JSON object", path);
	return STATUS_USAGE;
}

static enum status
not_written(const char *path)
{
	log_error("cannot write '%s': %s", path, strerror(errno));
	return STATUS_FAILED;
}

enum status
file_prepare(const char *path, struct replacement *room)
{
	if (atomic_prepare(room, path, FILE_BYTES_MAX) == -1)
		return not_written(path);
	return STATUS_OK;
}

enum status
file_commit(struct replacement *room, const cJSON *json)
{
	enum status status = STATUS_OK;
	char *object = cJSON_Print(json), *text;

	if (object == NULL || asprintf(&text, "%s\n", object) == -1)
		die(STATUS_FAILED, "out of memory");
	secret_free(object);
	if (atomic_commit(room, slice_of(text), true) == -1)
		status = not_written(room->path);
	secret_free(text);
	return status;
}

enum status
file_write(const char *path, const cJSON *json)
{
	struct replacement room;
	enum status status = file_prepare(path, &room);

	return status == STATUS_OK ? file_commit(&room, json) : status;
}
