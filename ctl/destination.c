#include "destination.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts of [USER@]HOST[:PORT][/PATH], decoded; NULL: not said. */
struct place {
	char *user, *host, *port, *path;
};

/* --- strings: all that is here lives for one call of destination_parse */

static int
hex(char c)
{
	const char *digits = "0123456789abcdefABCDEF", *p = strchr(digits, c);

	if (c == '\0' || p == NULL)
		return -1;
	return p - digits < 16 ? (int)(p - digits) : (int)(p - digits) - 6;
}

/* Replace each %XX in place. Returns s; or NULL: one is wrong, or a NUL. */
static char *
decode(char *s)
{
	char *to = s;

	for (const char *p = s; *p != '\0'; p++) {
		if (*p == '%') {
			int high = hex(p[1]);
			int low = high == -1 ? -1 : hex(p[2]);

			if (low == -1 || high + low == 0)
				return NULL;
			*to++ = (char)(high << 4 | low);
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return s;
}

/* End s before the first c. Returns what is behind it, NULL if it is not. */
static char *
cut(char *s, char c)
{
	char *p = strchr(s, c);

	if (p != NULL)
		*p++ = '\0';
	return p;
}

static void
add_option(struct arguments *args, const char *name, const char *value)
{
	if (value == NULL)
		return;
	arguments_add(args, name);
	arguments_add(args, value);
}

/* --- what the publishers want to know, and how each is told */

static const char bad_escape[] =
    "'%' is not followed by two hexadecimal digits";

static const char *
split_place(struct place *place, char *s)
{
	char *host = s, *path = cut(s, '/'), *at = strrchr(s, '@'), *end;

	*place = (struct place){.path = path};
	if (at != NULL) {
		*at = '\0';
		place->user = s;
		host = at + 1;
	}
	if (place->user != NULL && strchr(place->user, ':') != NULL)
		return "a password does not belong into an argument, "
		       "which everybody can see: see the publisher's manual";
	end = *host == '[' ? strchr(host, ']') : host;
	place->port = end == NULL ? NULL : cut(end, ':');
	place->host = host;
	if (*host == '\0')
		return "it names no host";
	if (decode(host) == NULL ||
	    (place->user != NULL && decode(place->user) == NULL) ||
	    (path != NULL && decode(path) == NULL))
		return bad_escape;
	if (path != NULL && *path == '\0')
		place->path = NULL;
	return NULL;
}

static const char *
add_kafka(struct arguments *args, char *target)
{
	if (*target == '\0')
		return "it names no broker";
	add_option(args, "--brokers", target);
	return NULL;
}

/* A server; what its path names has an option of that name. */
static const char *
add_server(struct arguments *args, char *target, const char *path_option)
{
	struct place place;
	const char *why = split_place(&place, target);

	if (why != NULL)
		return why;
	add_option(args, "--host", place.host);
	add_option(args, "--port", place.port);
	add_option(args, "--user", place.user);
	add_option(args, path_option, place.path);
	return NULL;
}

/* It takes libpq's own URL, as that is. */
static const char *
add_postgresql(struct arguments *args, char *target)
{
	char *url, *copy = strdup(target);
	struct place place;
	const char *why;

	if (copy == NULL || asprintf(&url, "postgresql://%s", target) == -1) {
		free(copy);
		return "out of memory";
	}
	why = split_place(&place, copy);
	if (why == NULL)
		add_option(args, "--database", url);
	free(copy);
	free(url);
	return why;
}

static const char *
add_amqp(struct arguments *args, char *target)
{
	return add_server(args, target, "--vhost");
}

static const char *
add_amqps(struct arguments *args, char *target)
{
	arguments_add(args, "--tls");
	return add_amqp(args, target);
}

static const char *
add_clickhouse(struct arguments *args, char *target)
{
	return add_server(args, target, "--database");
}

static const char *
add_sqlite(struct arguments *args, char *target)
{
	if (decode(target) == NULL)
		return bad_escape;
	if (*target == '\0')
		return "it names no file";
	add_option(args, "--database", target);
	return NULL;
}

/* Its operand; it cannot look like an option. */
static const char *
add_file(struct arguments *args, char *target)
{
	if (decode(target) == NULL)
		return bad_escape;
	if (*target == '\0')
		return "it names no file";
	if (*target == '-')
		return "the path begins with '-': write './' before it";
	arguments_add(args, target);
	return NULL;
}

static const struct scheme {
	const char *prefix, *name, *program;
	const char *(*add)(struct arguments *args, char *target);
} schemes[] = {
    {"kafka://", "kafka", "kafka-publish", add_kafka},
    {"amqp://", "amqp", "amqp-publish", add_amqp},
    {"amqps://", "amqp", "amqp-publish", add_amqps},
    {"clickhouse://", "clickhouse", "clickhouse-publish", add_clickhouse},
    {"postgresql://", "postgresql", "postgres-publish", add_postgresql},
    {"postgres://", "postgresql", "postgres-publish", add_postgresql},
    {"sqlite:", "sqlite", "sqlite-publish", add_sqlite},
    {"file:", "file", "file-publish", add_file},
};

enum { SCHEMES = sizeof(schemes) / sizeof(schemes[0]) };

static const struct scheme *
find_scheme(const char *url)
{
	for (size_t i = 0; i < SCHEMES; i++)
		if (strncmp(url, schemes[i].prefix,
			strlen(schemes[i].prefix)) == 0)
			return &schemes[i];
	return NULL;
}

/* One NAME=VALUE as an option. */
static const char *
add_pair(struct arguments *args, char *pair)
{
	char *value = cut(pair, '='), option[64];

	if (*pair == '\0' ||
	    strspn(pair, "abcdefghijklmnopqrstuvwxyz-") != strlen(pair) ||
	    *pair == '-' || strlen(pair) > sizeof(option) - 3)
		return "after '?' come NAME=VALUE, between '&'";
	if (value != NULL && decode(value) == NULL)
		return bad_escape;
	snprintf(option, sizeof(option), "--%s", pair);
	arguments_add(args, option);
	if (value != NULL)
		arguments_add(args, value);
	return NULL;
}

static const char *
add_query(struct arguments *args, char *query)
{
	const char *why = NULL;
	char *next;

	for (; query != NULL && why == NULL; query = next) {
		next = cut(query, '&');
		why = add_pair(args, query);
	}
	return why;
}

/* The publisher's options, from what is behind the prefix. */
static const char *
add_options(struct arguments *args, const struct scheme *s, const char *rest)
{
	char *copy = strdup(rest), *query;
	const char *why;

	if (copy == NULL)
		return "out of memory";
	query = cut(copy, '?');
	why = s->add(args, copy);
	if (why == NULL)
		why = add_query(args, query);
	free(copy);
	return why;
}

int
destination_parse(struct destination *d, const char *url,
    char why[DESTINATION_WHY_MAX])
{
	const struct scheme *s = find_scheme(url);
	const char *wrong = "it is none of kafka://, amqp://, amqps://, "
			    "clickhouse://, postgresql://, sqlite: and file:";

	*d = (struct destination){0};
	if (s != NULL) {
		d->kind = s->name;
		d->program = s->program;
		wrong = add_options(&d->options, s, url + strlen(s->prefix));
	}
	if (wrong == NULL)
		return 0;
	arguments_free(&d->options);
	snprintf(why, DESTINATION_WHY_MAX, "%s", wrong);
	return -1;
}
