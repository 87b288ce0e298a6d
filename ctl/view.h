#ifndef CTL_VIEW_H
#define CTL_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "snapshot.h"
#include "textfile.h"

/*
 * What the run and the state directory say of the pipeline, kept between
 * looks so that a file is only read again when it was replaced.
 */
struct view_file {
	bool readable; /* it is there, and what it should be */
	ino_t inode;
	int64_t written;  /* Unix ms */
	unsigned version; /* how many contents of it were seen */
	struct snapshot snapshot;
};

struct view {
	bool listening; /* a reader holds the control FIFO */
	struct view_file status, saved;
	struct textfiles metrics;
};

/*
 * Look again: at everything; or only at what is small enough to be looked at
 * every second, which the status of a large reader is not. Zero-initialise
 * before the first time.
 */
void view_refresh(struct view *v);
void view_tick(struct view *v);
void view_free(struct view *v);

/*
 * A line for each reason why the pipeline is not ready: no reader, one that
 * hangs, no channel joined though some are desired; and, unless reader_only,
 * no publisher, one that hangs, or a destination that does not answer: of
 * those that twitch-ingest runs, else of all that are here. Empty when it is
 * ready. The caller frees; NULL when out of memory.
 */
char *view_faults(const struct view *v, bool reader_only);

/*
 * True if the file is a publisher's; and if the publisher says that its
 * destination answers.
 */
bool view_is_publisher(const struct textfile *file);
bool view_is_up(const struct textfile *publisher);

#endif
