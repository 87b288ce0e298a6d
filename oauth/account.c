#include "account.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "dirs.h"
#include "file.h"
#include "log.h"
#include "stop.h"
#include "text.h"

enum {
	/* With two requests (HTTP_SECONDS), less than ws-reader waits. */
	LOCK_MS = 12 * 1000,
	LOCK_POLL_MS = 20,
	SCHEMA = 1
};

int
account_name(const char *typed, char name[CHANNEL_MAX + 1])
{
	return channel_name(slice_of(typed), name) == -1 ? -1 : 0;
}

/* The folder, with a file of the account in it unless name is NULL. */
static enum status
place(const char *name, const char *suffix, char path[DIRS_PATH_MAX])
{
	size_t len;
	int n = 0;
	enum status status = file_path("accounts", path);

	if (status != STATUS_OK)
		return status;
	if (dirs_make(path) == -1) {
		log_error("cannot make '%s': %s", path, strerror(errno));
		return STATUS_USAGE;
	}
	len = strlen(path);
	if (name != NULL)
		n = snprintf(path + len, DIRS_PATH_MAX - len, "/%s%s",
		    *name == '\0' ? ".app" : name, suffix);
	if (n < 0 || (size_t)n >= DIRS_PATH_MAX - len) {
		log_error("the state directory's path is too long");
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* What a file says into *account; *found is false when there is none. */
static enum status
read_account(struct account *account, const char *path, bool *found)
{
	enum status status;
	struct stat st;
	cJSON *json;

	status = file_read(path, &json);
	*found = json != NULL;
	if (!*found)
		return status;
	/* Systems that keep no time of issue wrote the file at that time. */
	if (stat(path, &st) == -1)
		st.st_mtime = 0;
	if (token_parse(&account->token, json, st.st_mtime * 1000L) == -1) {
		log_error("'%s' holds no access token", path);
		status = STATUS_USAGE;
	}
	account->login = text_copy(text_word(json, "login"));
	account->user_id = text_copy(text_word(json, "user_id"));
	account->client_id = text_copy(text_word(json, "client_id"));
	account->validate_at = token_time(json, "validate_at");
	cJSON_Delete(json);
	return status;
}

static void
start(struct account *account, const char *name)
{
	memset(account, 0, sizeof(*account));
	snprintf(account->name, sizeof(account->name), "%s", name);
}

enum status
account_load(struct account *account, const char *name)
{
	char path[DIRS_PATH_MAX];
	enum status status;
	bool found;

	start(account, name);
	status = place(name, ".json", path);
	if (status == STATUS_OK)
		status = read_account(account, path, &found);
	if (status == STATUS_OK && !found && *name != '\0') {
		log_error("no account '%s'; run: twitch-oauth login", name);
		status = STATUS_USAGE;
	}
	return status;
}

enum status
account_import(struct account *account, const char *path, const char *name)
{
	enum status status;
	bool found;

	start(account, name);
	status = read_account(account, path, &found);
	if (status == STATUS_OK && !found) {
		log_error("cannot read '%s': %s", path, strerror(ENOENT));
		status = STATUS_USAGE;
	}
	return status;
}

/* Nothing is added for a NULL. False when there is no memory. */
static bool
add(cJSON *json, const char *name, const char *value)
{
	return value == NULL ||
	    cJSON_AddStringToObject(json, name, value) != NULL;
}

enum status
account_prepare(const char *name, struct replacement *room)
{
	char path[DIRS_PATH_MAX];
	enum status status = place(name, ".json", path);

	return status == STATUS_OK ? file_prepare(path, room) : status;
}

enum status
account_commit(const struct account *a, struct replacement *room)
{
	const struct token *t = &a->token;
	enum status status;
	cJSON *json = cJSON_CreateObject();

	if (cJSON_AddNumberToObject(json, "schema", SCHEMA) == NULL ||
	    !add(json, "login", a->login) ||
	    !add(json, "user_id", a->user_id) ||
	    !add(json, "client_id", a->client_id) ||
	    !add(json, "access_token", t->access) ||
	    !add(json, "refresh_token", t->refresh) ||
	    !add(json, "scope", t->scopes) ||
	    cJSON_AddNumberToObject(json, "obtained_at",
		(double)t->obtained_at) == NULL ||
	    cJSON_AddNumberToObject(json, "expires_at",
		(double)t->expires_at) == NULL ||
	    cJSON_AddNumberToObject(json, "validate_at",
		(double)a->validate_at) == NULL)
		die(STATUS_FAILED, "out of memory");
	status = file_commit(room, json);
	cJSON_Delete(json);
	return status;
}

enum status
account_save(const struct account *account)
{
	struct replacement room;
	enum status status = account_prepare(account->name, &room);

	return status == STATUS_OK ? account_commit(account, &room) : status;
}

enum status
account_remove(const char *name)
{
	char path[DIRS_PATH_MAX];
	enum status status = place(name, ".json", path);

	if (status == STATUS_OK && unlink(path) == -1) {
		log_error("cannot remove '%s': %s", path, strerror(errno));
		status = STATUS_FAILED;
	}
	return status;
}

/* Only a writer that holds the lock has a temporary file: these are dead. */
static void
sweep(const char *name)
{
	char dir[DIRS_PATH_MAX], prefix[CHANNEL_MAX + 8];
	struct dirent *entry;
	DIR *d;

	snprintf(prefix, sizeof(prefix), "%s.json.",
	    *name == '\0' ? ".app" : name);
	if (place(NULL, "", dir) != STATUS_OK || (d = opendir(dir)) == NULL)
		return;
	while ((entry = readdir(d)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
}

enum status
account_lock(const char *name, int *lock)
{
	int64_t end = clock_mono() + LOCK_MS;
	char path[DIRS_PATH_MAX];
	enum status status = place(name, ".lock", path);

	if (status != STATUS_OK)
		return status;
	*lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*lock == -1) {
		log_error("cannot open '%s': %s", path, strerror(errno));
		return STATUS_FAILED;
	}
	while (flock(*lock, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK && clock_mono() < end &&
		    stop_wait(-1, 0, LOCK_POLL_MS) != -1)
			continue;
		log_error("cannot lock '%s': %s", path,
		    stop_requested()         ? "stopped" :
			errno == EWOULDBLOCK ? "another twitch-oauth holds it" :
					       strerror(errno));
		close(*lock);
		return STATUS_FAILED;
	}
	sweep(name);
	return STATUS_OK;
}

void
account_unlock(int lock)
{
	close(lock);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The account that a file of this name holds, or NULL; the caller frees. */
static char *
named(const char *file)
{
	size_t len = strlen(file);
	char canonical[CHANNEL_MAX + 1], *name;

	if (len < 5 || strcmp(file + len - 5, ".json") != 0)
		return NULL;
	name = text_copy(file);
	name[len - 5] = '\0';
	if (account_name(name, canonical) == 0 && strcmp(name, canonical) == 0)
		return name;
	free(name);
	return NULL;
}

enum status
account_names(char ***names)
{
	char dir[DIRS_PATH_MAX];
	enum status status = place(NULL, "", dir);
	struct dirent *entry;
	size_t n = 0;
	DIR *d;

	if (status != STATUS_OK)
		return status;
	*names = calloc(1, sizeof(char *));
	d = opendir(dir);
	if (d == NULL || *names == NULL) {
		log_error("cannot read '%s': %s", dir, strerror(errno));
		free(*names);
		return STATUS_FAILED;
	}
	while ((entry = readdir(d)) != NULL) {
		char *name = named(entry->d_name);

		if (name == NULL)
			continue;
		*names = reallocarray(*names, n + 2, sizeof(char *));
		if (*names == NULL)
			die(STATUS_FAILED, "out of memory");
		(*names)[n++] = name;
		(*names)[n] = NULL;
	}
	closedir(d);
	qsort(*names, n, sizeof(char *), by_name);
	return STATUS_OK;
}

void
account_names_free(char **names)
{
	for (char **name = names; *name != NULL; name++)
		free(*name);
	free(names);
}

void
account_free(struct account *account)
{
	free(account->login);
	free(account->user_id);
	free(account->client_id);
	token_free(&account->token);
	memset(account, 0, sizeof(*account));
}
