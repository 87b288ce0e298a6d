#ifndef LIB_METRICS_H
#define LIB_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A program's metrics file, metrics/<program>[-twin].prom in the run
 * directory: Prometheus' text format 0.0.4, replaced whole, the convention of
 * node_exporter's textfile collector. Once a second the program says all its
 * values again:
 *
 *	if (metrics_due(&m)) {
 *		metrics_family(&m, "ws_reader_lines_total", "counter",
 *		    "IRC lines received.");
 *		metrics_value(&m, NULL, lines);
 *		metrics_write(&m);
 *	}
 *
 * Label values are ours, few and plain: never a channel's name.
 *
 * Of several stages of one pipeline that run the same program, the second is
 * started with TWITCH_TWIN=2 in its environment, and so on: that is in the
 * file's name, and a label `twin` of each of its values.
 */
enum { METRICS_PERIOD = 1000, METRICS_MAX = 64 * 1024, METRICS_LABEL_MAX = 32 };

struct metrics {
	char *path; /* NULL: there is no run directory */
	char *buf;
	size_t len;
	int64_t next;
	const char *family;
	char twin[METRICS_LABEL_MAX]; /* a label, or empty */
	bool failing;
};

/*
 * Begin the file of this program. Without a run directory the metrics go
 * nowhere. Returns 0, or -1 when out of memory or the directory cannot be made
 * (errno).
 */
int metrics_open(struct metrics *m, const char *program);

/* True when a second has passed since the last writing. */
bool metrics_due(const struct metrics *m);

/* Milliseconds until metrics_due, 0 or more: a bound for poll(2). */
int metrics_wait(const struct metrics *m);

/*
 * What the values that follow mean; kind is counter, gauge, histogram or
 * summary.
 */
void metrics_family(struct metrics *m, const char *name, const char *kind,
    const char *help);

/*
 * One value of the family; labels as in `state="open"`, or NULL. The parts
 * of many values go through metrics_part: "_bucket", "_sum", "_count".
 */
void metrics_value(struct metrics *m, const char *labels, double v);
void metrics_part(struct metrics *m, const char *suffix, const char *labels,
    double v);

/* Replace the file. A failure is warned about once, not fatal. */
void metrics_write(struct metrics *m);

/* Write a last time what was said since, and free. The file stays. */
void metrics_close(struct metrics *m);

#endif
