#include "publishers.h"

#include <stdio.h>
#include <string.h>

#include "destination.h"
#include "dirs.h"
#include "log.h"
#include "status.h"

/* Where the spool of the next publisher is. */
static void
add_spool(struct publishers *p, struct arguments *args, const char *kind)
{
	char path[DIRS_PATH_MAX + 64], ordinal[16] = "";
	int twins = 1;

	for (size_t i = 0; i < p->n; i++)
		twins += strcmp(p->kinds[i], kind) == 0;
	if (twins > 1)
		snprintf(ordinal, sizeof(ordinal), "-%d", twins);
	snprintf(path, sizeof(path), "%s/%s%s", p->spool, kind, ordinal);
	arguments_add(args, "--spool");
	arguments_add(args, path);
	if (p->spool_max != NULL) {
		arguments_add(args, "--spool-max");
		arguments_add(args, p->spool_max);
	}
}

void
publishers_add(struct publishers *p, const char *program, const char *kind,
    const struct arguments *options)
{
	struct arguments *args = &p->list[p->n];

	if (p->n == PUBLISHERS_MAX)
		die(STATUS_USAGE, "more than %d destinations", PUBLISHERS_MAX);
	arguments_add(args, program);
	if (p->grace != NULL) {
		arguments_add(args, "--grace");
		arguments_add(args, p->grace);
	}
	if (p->spool != NULL)
		add_spool(p, args, kind);
	/* What a destination itself says comes last, and counts. */
	arguments_append(args, options);
	p->kinds[p->n++] = kind;
}

void
publishers_add_url(struct publishers *p, const char *url)
{
	struct destination d;
	char why[DESTINATION_WHY_MAX];

	if (destination_parse(&d, url, why) == -1)
		die(STATUS_USAGE, "--to '%s': %s", url, why);
	publishers_add(p, d.program, d.kind, &d.options);
	arguments_free(&d.options);
}

void
publishers_free(struct publishers *p)
{
	for (size_t i = 0; i < p->n; i++)
		arguments_free(&p->list[i]);
	p->n = 0;
}
