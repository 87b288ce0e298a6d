#ifndef PUBLISHER_KAFKA_KAFKA_OPTIONS_H
#define PUBLISHER_KAFKA_KAFKA_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "kafka_conf.h"

/*
 * What kafka-publish and kafka-tail are told alike: -b, -F, -t, -w and -X, and
 * KAFKA_BROKERS, KAFKA_TOPIC and KAFKA_CLIENT_ID. What is wrong ends the
 * program.
 */
struct kafka_options {
	struct rd_kafka_conf_s *conf;
	const char *brokers, *topic; /* NULL: not given */
	int64_t wait;                /* ms for a broker's first answer */
};

/* For getopt_long: the letters, and the names. */
#define KAFKA_OPTION_LETTERS "b:F:t:w:X:"
#define KAFKA_OPTION_NAMES                            \
	{"brokers", required_argument, NULL, 'b'},    \
	    {"config", required_argument, NULL, 'F'}, \
	    {"topic", required_argument, NULL, 't'},  \
	    {"wait", required_argument, NULL, 'w'},   \
	    {"property", required_argument, NULL, 'X'}

/* Begin with these defaults, and with the environment. */
void kafka_options_open(struct kafka_options *o,
    const struct kafka_property *defaults);

/* Take option `c`. Returns false if it is none of these. */
bool kafka_options_take(struct kafka_options *o, int c, const char *argument);

/* After the last option: insist on a topic. */
void kafka_options_check(const struct kafka_options *o);

#endif
