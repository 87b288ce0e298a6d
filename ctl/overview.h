#ifndef CTL_OVERVIEW_H
#define CTL_OVERVIEW_H

#include "history.h"
#include "view.h"

/*
 * What the status page shows, as one JSON object; twitch-httpd(1) describes
 * it. Of the channels whose name contains `find` it has at most
 * OVERVIEW_CHANNELS: those that are not joined first, then those with the most
 * lines. `faults` is what view_faults said. The caller frees; NULL when out
 * of memory.
 */
enum { OVERVIEW_CHANNELS = 200 };

char *overview(const struct view *view, const struct history *history,
    const char *faults, const char *find);

/*
 * The channels that are desired, in the words of an earlier system:
 * {account, version, updated_at, channels}. The caller frees; NULL when out
 * of memory.
 */
char *overview_saved(const struct view *view);

#endif
