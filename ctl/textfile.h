#ifndef CTL_TEXTFILE_H
#define CTL_TEXTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "slice.h"

/*
 * The metrics files of a run directory (lib/metrics), as they are now:
 * Prometheus' text format 0.0.4.
 */
enum {
	TEXTFILE_MAX = 1024 * 1024, /* bytes; a larger one is left out */
	TEXTFILE_STALE = 5000       /* ms; they are written every second */
};

struct textfile {
	char *name; /* without .prom, as in kafka-publish */
	char *text;
	size_t len;
	int64_t written; /* Unix ms */
};

struct textfiles {
	struct textfile *v; /* by name */
	size_t n;
};

/* One line of it that is a value. */
struct sample {
	struct slice name; /* ws_reader_lines_total */
	double value;
};

/*
 * Read metrics/ of the run directory; what cannot be read is left out, and
 * warned about now and then. Its being absent is its being empty. The caller
 * owes a textfiles_free.
 */
void textfiles_read(struct textfiles *files);
void textfiles_free(struct textfiles *files);

/* How long ago it was written, ms, 0 or more; and whether that is too long. */
int64_t textfile_age(const struct textfile *file);
bool textfile_is_stale(const struct textfile *file);

/* Cut the next line, without its LF, off the head of text; false at its end. */
bool textfile_line(struct slice *text, struct slice *line);

/* Read a line. False if it is no sample. */
bool sample_parse(struct sample *s, struct slice line);

/*
 * The sum over all samples whose name is this one, or ends with it when it
 * begins with _. Returns false, and 0, when there is none.
 */
bool textfile_sum(const struct textfile *file, const char *name, double *sum);

#endif
