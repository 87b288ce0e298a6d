#ifndef PUBLISHER_KAFKA_KAFKA_CONF_H
#define PUBLISHER_KAFKA_KAFKA_CONF_H

#include <stddef.h>

struct rd_kafka_conf_s;

/*
 * librdkafka's properties, from their three sources: defaults, arguments and
 * files. The later setting of a name counts.
 */
struct kafka_property {
	const char *name, *value;
};

enum { KAFKA_WHY_MAX = 512 };

/*
 * A new set with these defaults, the last of them with a NULL name. kafka_open
 * takes it over, or kafka_conf_free frees it.
 */
struct rd_kafka_conf_s *kafka_conf_new(const struct kafka_property *defaults);
void kafka_conf_free(struct rd_kafka_conf_s *conf);

/* Set one. Returns 0; or -1 with why filled in. */
int kafka_conf_set(struct rd_kafka_conf_s *conf, const char *name,
    const char *value, char why[KAFKA_WHY_MAX]);

/*
 * Set NAME=VALUE as it stands in an argument. A name that holds a secret is
 * refused, since everybody can read arguments. Returns 0; or -1 with why
 * filled in.
 */
int kafka_conf_argument(struct rd_kafka_conf_s *conf, const char *argument,
    char why[KAFKA_WHY_MAX]);

/*
 * Set those in a file: NAME=VALUE a line, blanks around both ignored, as are
 * blank lines and lines that begin with #. A file with a secret that everybody
 * may read is refused. Returns 0; or -1 with why filled in.
 */
int kafka_conf_file(struct rd_kafka_conf_s *conf, const char *path,
    char why[KAFKA_WHY_MAX]);

/*
 * The value of a property, in buf. Returns 0; or -1 when it is not set or does
 * not fit.
 */
int kafka_conf_get(struct rd_kafka_conf_s *conf, const char *name, char *buf,
    size_t size);

#endif
