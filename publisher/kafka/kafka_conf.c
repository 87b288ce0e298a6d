#include "kafka_conf.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "atomic.h"

enum { FILE_MAX = 1024 * 1024 };

struct rd_kafka_conf_s *
kafka_conf_new(const struct kafka_property *defaults)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[KAFKA_WHY_MAX];

	for (; defaults->name != NULL; defaults++)
		if (kafka_conf_set(conf, defaults->name, defaults->value,
			why) == -1)
			abort();
	return conf;
}

void
kafka_conf_free(struct rd_kafka_conf_s *conf)
{
	rd_kafka_conf_destroy(conf);
}

int
kafka_conf_set(struct rd_kafka_conf_s *conf, const char *name,
    const char *value, char why[KAFKA_WHY_MAX])
{
	return rd_kafka_conf_set(conf, name, value, why, KAFKA_WHY_MAX) ==
		RD_KAFKA_CONF_OK ?
	    0 :
	    -1;
}

static bool
is_secret(const char *name)
{
	static const char *const parts[] = {
	    "password", "secret", "key.pem", "sasl.oauthbearer.config"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(name, parts[i]) != NULL)
			return true;
	return false;
}

int
kafka_conf_argument(struct rd_kafka_conf_s *conf, const char *argument,
    char why[KAFKA_WHY_MAX])
{
	const char *equals = strchr(argument, '=');
	char name[128];

	if (equals == NULL || (size_t)(equals - argument) >= sizeof(name)) {
		snprintf(why, KAFKA_WHY_MAX, "'%.100s' is not NAME=VALUE",
		    argument);
		return -1;
	}
	memcpy(name, argument, (size_t)(equals - argument));
	name[equals - argument] = '\0';
	if (is_secret(name)) {
		snprintf(why, KAFKA_WHY_MAX,
		    "%s is a secret, and everybody on this machine can read "
		    "arguments: put it into a file and give that with -F",
		    name);
		return -1;
	}
	return kafka_conf_set(conf, name, equals + 1, why);
}

/* Take blanks off both ends, in place. */
static char *
trim(char *s)
{
	char *end;

	s += strspn(s, " \t\r");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]) != NULL)
		end--;
	*end = '\0';
	return s;
}

/* One line of a file: -1 with why set, 0, or 1 when it set a secret. */
static int
set_line(struct rd_kafka_conf_s *conf, char *line, char why[KAFKA_WHY_MAX])
{
	char *equals, *name;

	line = trim(line);
	if (*line == '\0' || *line == '#')
		return 0;
	equals = strchr(line, '=');
	if (equals == NULL) {
		/* Not quoted: it may be half a secret. */
		snprintf(why, KAFKA_WHY_MAX, "it is not NAME=VALUE");
		return -1;
	}
	*equals = '\0';
	name = trim(line);
	if (kafka_conf_set(conf, name, trim(equals + 1), why) == -1)
		return -1;
	return is_secret(name);
}

static int
set_lines(struct rd_kafka_conf_s *conf, const char *path, char *text,
    bool everybody, char why[KAFKA_WHY_MAX])
{
	int number = 0;

	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		char reason[KAFKA_WHY_MAX] = "";
		int set = set_line(conf, line, reason);

		number++;
		if (set == -1) {
			snprintf(why, KAFKA_WHY_MAX, "'%.200s' line %d: %.250s",
			    path, number, reason);
			return -1;
		}
		if (set == 1 && everybody) {
			snprintf(why, KAFKA_WHY_MAX,
			    "'%.200s' holds a secret and everybody may read "
			    "it: chmod 600 it",
			    path);
			return -1;
		}
	}
	return 0;
}

int
kafka_conf_file(struct rd_kafka_conf_s *conf, const char *path,
    char why[KAFKA_WHY_MAX])
{
	struct stat st;
	size_t len;
	char *text;
	int result;

	text = atomic_read(path, FILE_MAX, &len);
	if (text == NULL || stat(path, &st) == -1) {
		snprintf(why, KAFKA_WHY_MAX, "cannot read '%.200s': %s", path,
		    strerror(errno));
		free(text);
		return -1;
	}
	result = set_lines(conf, path, text, (st.st_mode & S_IRWXO) != 0, why);
	explicit_bzero(text, len);
	free(text);
	return result;
}

int
kafka_conf_get(struct rd_kafka_conf_s *conf, const char *name, char *buf,
    size_t size)
{
	size_t len = size;

	if (rd_kafka_conf_get(conf, name, buf, &len) != RD_KAFKA_CONF_OK ||
	    len > size || buf[0] == '\0')
		return -1;
	return 0;
}
