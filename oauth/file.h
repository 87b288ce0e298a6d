#ifndef OAUTH_FILE_H
#define OAUTH_FILE_H

#include "atomic.h"
#include "dirs.h"
#include "status.h"

struct cJSON;

/*
 * JSON objects that hold secrets, in files of mode 0600. Each function
 * returns STATUS_OK, or another status, having logged why.
 */

/* The path of a file in the directory of logins, which is made if need be. */
enum status file_path(const char *name, char path[DIRS_PATH_MAX]);

/*
 * Read an object, which the caller deletes. A file that is not ours alone is
 * refused (lib/secret.h). There being no file is not an error: *json is NULL then.
 */
enum status file_read(const char *path, struct cJSON **json);

/* Replace the file, so that it outlives a power cut. */
enum status file_write(const char *path, const struct cJSON *json);

/*
 * The same in two steps (lib/atomic.h), for what must not be lost: room on disk
 * for any object that file_read takes, and then the object.
 */
enum status file_prepare(const char *path, struct replacement *room);
enum status file_commit(struct replacement *room, const struct cJSON *json);

#endif
