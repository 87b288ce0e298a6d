#ifndef COLLECTOR_DESIRED_H
#define COLLECTOR_DESIRED_H

#include "channels.h"

/*
 * The set of channels that are wanted, as it is kept on disk:
 * channels.json in the state directory, and lists that people write.
 */
typedef void desired_each(void *arg, const char *name);

enum desired_result {
	DESIRED_OK,
	DESIRED_NONE,   /* there is no such file */
	DESIRED_BAD,    /* unreadable: it was logged why */
	DESIRED_FOREIGN /* another account's: it was logged */
};

/*
 * Read channels.json at path and call `each` for its channels. account is
 * whose reader this is, "anonymous" if nobody's. One account does not take
 * over what another has left; with no account everybody's is taken over, and
 * what no account has left is everybody's: one may log in later, or go on
 * without the login.
 */
enum desired_result desired_load(const char *path, const char *account,
    desired_each *each, void *arg);

/*
 * Read a list, as channel_file.h has it. Returns 0, or -1 after an error that
 * was logged; a line that is no channel name is one.
 */
int desired_read_list(const char *path, desired_each *each, void *arg);

/* What channels.json is to hold, sorted. The caller frees. */
char *desired_text(const char *account, const struct channels *channels,
    size_t *len);

#endif
