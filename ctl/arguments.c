#include "arguments.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "status.h"

static void
add(struct arguments *args, const char *s, size_t len)
{
	char **v = realloc(args->v, (args->n + 2) * sizeof(*v));

	if (v != NULL) {
		args->v = v;
		v[args->n] = strndup(s, len);
		v[args->n + 1] = NULL;
	}
	if (v == NULL || v[args->n] == NULL)
		die(STATUS_FAILED, "out of memory");
	args->n++;
}

void
arguments_add(struct arguments *args, const char *s)
{
	add(args, s, strlen(s));
}

void
arguments_append(struct arguments *args, const struct arguments *more)
{
	for (size_t i = 0; i < more->n; i++)
		arguments_add(args, more->v[i]);
}

void
arguments_split(struct arguments *args, const char *list)
{
	static const char between[] = ", \t";
	size_t len;

	for (const char *p = list; *p != '\0'; p += len) {
		p += strspn(p, between);
		len = strcspn(p, between);
		if (len > 0)
			add(args, p, len);
	}
}

void
arguments_free(struct arguments *args)
{
	for (size_t i = 0; i < args->n; i++)
		free(args->v[i]);
	free(args->v);
	*args = (struct arguments){0};
}
