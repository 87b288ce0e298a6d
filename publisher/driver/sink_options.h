#ifndef PUBLISHER_DRIVER_SINK_OPTIONS_H
#define PUBLISHER_DRIVER_SINK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What every publisher is told alike, since its driver does it: -g, -M,
 * -r, -s and -S. What is wrong ends the program.
 */
struct sink_options {
	int64_t grace;      /* ms to finish in */
	const char *reject; /* where rejected records are kept, or NULL */
	const char *spool;  /* the spool's directory, or NULL: none */
	int64_t spool_max;  /* bytes */
	int64_t sync;       /* ms, or as in struct spool_sync */
};

/* For getopt_long: the letters, and the names. */
#define SINK_OPTION_LETTERS "g:M:r:s:S:"
#define SINK_OPTION_NAMES                                \
	{"grace", required_argument, NULL, 'g'},         \
	    {"spool-max", required_argument, NULL, 'M'}, \
	    {"reject", required_argument, NULL, 'r'},    \
	    {"spool", required_argument, NULL, 's'},     \
	    {"sync", required_argument, NULL, 'S'}

/* Begin with the defaults. */
void sink_options_open(struct sink_options *o);

/* Take option `c`. Returns false if it is none of these. */
bool sink_options_take(struct sink_options *o, int c, const char *argument);

/*
 * What stop_on_signals is told, in seconds: the driver gives up in time by
 * itself, and the alarm is for its bugs.
 */
unsigned sink_options_alarm(const struct sink_options *o);

#endif
