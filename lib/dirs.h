#ifndef LIB_DIRS_H
#define LIB_DIRS_H

#include <stddef.h>

/*
 * The run directory holds what is true while programs run (the FIFO `ctl`,
 * status.json, metrics/); the state directory what outlives them
 * (channels.json, accounts/, spool/). Each is made, 0700, with its parents,
 * when it is not there.
 *
 * Run: $TWITCH_RUN_DIR, else /run/twitch-ingest for root. Else
 * $XDG_RUNTIME_DIR/twitch-ingest, else /run/user/UID/twitch-ingest, where
 * that is the user's own directory: so cron and a login find the same. Else
 * run/ in the state directory; once it is there it is taken in a session too.
 *
 * State: $TWITCH_STATE_DIR, else
 * $XDG_STATE_HOME/twitch-ingest, else ~/.local/state/twitch-ingest, else
 * /var/lib/twitch-ingest for root. Logins: $TWITCH_LOGIN_DIR, else the state
 * directory; accounts/ and client.json are there, which all pipelines of a
 * user share.
 */
enum { DIRS_PATH_MAX = 4096 };

/*
 * Write the path of `name` inside the directory (the directory itself when
 * name is NULL) to path. Returns 0; or -1 with errno set, ENOENT when
 * nothing says where it may be: not even HOME, and the user is not root.
 */
int dirs_run(const char *name, char path[DIRS_PATH_MAX]);
int dirs_state(const char *name, char path[DIRS_PATH_MAX]);
int dirs_login(const char *name, char path[DIRS_PATH_MAX]);

/* Make a directory and its parents, 0700. Returns 0, or -1 with errno set. */
int dirs_make(const char *path);

#endif
