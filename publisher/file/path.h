#ifndef PUBLISHER_FILE_PATH_H
#define PUBLISHER_FILE_PATH_H

#include <limits.h>
#include <stddef.h>

#include "record/members.h"
#include "record/moment.h"
#include "record/template.h"

/*
 * In which file a record is kept: a template (template.h) whose holes {date},
 * as in 2026-11-21, and {hour}, 00 to 23, are the event's time in UTC, or now
 * when it has none.
 *
 * Values come from strangers. None can lead out of the folders that the
 * template names: one with a '/' or a control character is refused, and so is
 * a path of which a part, after the folders that are always the same, is empty
 * or begins with a dot.
 */
struct path {
	/* Of the last record. */
	char text[PATH_MAX];
	char why[256]; /* why path_open or path_fill failed */

	struct members members;
	struct text_template template;
	struct moment moment;
	int date, hour;     /* indices into members */
	size_t fixed;       /* how long the constant folders are */
	size_t slashes;     /* in the template's own text */
	char date_text[16]; /* the values of those two */
	char hour_text[4];
};

/*
 * Understand the template, which must outlive the path. Returns 0; or -1 with
 * p->why set.
 */
int path_open(struct path *p, const char *template);

/*
 * The path of a record. Returns 0; or -1 with p->why set when it is no JSON
 * object, lacks what the template needs, or is not to be trusted.
 */
int path_fill(struct path *p, struct slice record);

#endif
