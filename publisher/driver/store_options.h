#ifndef PUBLISHER_DRIVER_STORE_OPTIONS_H
#define PUBLISHER_DRIVER_STORE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "store.h"

/*
 * What the SQL stores are told alike, besides sink_options.h: -b and -l, how
 * large a batch may be and how old. What is wrong ends the program.
 */

/* For getopt_long: the letters, and the names. */
#define STORE_OPTION_LETTERS "b:l:"
#define STORE_OPTION_NAMES                       \
	{"batch", required_argument, NULL, 'b'}, \
	    {"linger", required_argument, NULL, 'l'}

/* Begin with the defaults: rows_max, bytes_max, linger, its sink's limit. */
void store_options_open(struct store *st);

/* Take option `c`. Returns false if it is none of these. */
bool store_options_take(struct store *st, int c, const char *argument);

#endif
