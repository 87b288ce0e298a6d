#include "metrics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "clock.h"
#include "dirs.h"
#include "log.h"
#include "variable.h"

/* Which of several this is, a number; or NULL. */
static const char *
twin(void)
{
	const char *n = variable("TWITCH_TWIN");

	if (n == NULL || strlen(n) > 3 || strspn(n, "0123456789") != strlen(n))
		return NULL;
	return n;
}

int
metrics_open(struct metrics *m, const char *program)
{
	char dir[DIRS_PATH_MAX], path[DIRS_PATH_MAX + 256];
	const char *n = twin();

	memset(m, 0, sizeof(*m));
	if (dirs_run("metrics", dir) == -1)
		return errno == ENOENT ? 0 : -1;
	if (dirs_make(dir) == -1)
		return -1;
	snprintf(path, sizeof(path), "%s/%s%s%s.prom", dir, program,
	    n == NULL ? "" : "-", n == NULL ? "" : n);
	if (n != NULL)
		snprintf(m->twin, sizeof(m->twin), "twin=\"%s\"", n);
	m->path = strdup(path);
	m->buf = malloc(METRICS_MAX);
	if (m->path != NULL && m->buf != NULL)
		return 0;
	metrics_close(m);
	errno = ENOMEM;
	return -1;
}

bool
metrics_due(const struct metrics *m)
{
	return m->path != NULL && clock_mono() >= m->next;
}

int
metrics_wait(const struct metrics *m)
{
	int64_t left = m->next - clock_mono();

	if (m->path == NULL)
		return METRICS_PERIOD;
	return left < 0           ? 0 :
	    left > METRICS_PERIOD ? METRICS_PERIOD :
				    (int)left;
}

/* Append; what does not fit whole is left out whole. */
static void
append(struct metrics *m, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (m->path == NULL)
		return;
	va_start(ap, fmt);
	n = vsnprintf(m->buf + m->len, METRICS_MAX - m->len, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < METRICS_MAX - m->len)
		m->len += (size_t)n;
}

void
metrics_family(struct metrics *m, const char *name, const char *kind,
    const char *help)
{
	m->family = name;
	append(m, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

void
metrics_part(struct metrics *m, const char *suffix, const char *labels,
    double v)
{
	bool plain = labels == NULL && m->twin[0] == '\0';
	bool both = labels != NULL && m->twin[0] != '\0';

	append(m, "%s%s%s%s%s%s%s %.17g\n", m->family, suffix, plain ? "" : "{",
	    m->twin, both ? "," : "", labels == NULL ? "" : labels,
	    plain ? "" : "}", v);
}

void
metrics_value(struct metrics *m, const char *labels, double v)
{
	metrics_part(m, "", labels, v);
}

void
metrics_write(struct metrics *m)
{
	if (m->path == NULL)
		return;
	if (atomic_write(m->path, (struct slice){m->buf, m->len}, false) == 0) {
		m->failing = false;
	} else if (!m->failing) {
		m->failing = true;
		log_warn("cannot write '%s': %s", m->path, strerror(errno));
	}
	m->len = 0;
	m->next = clock_mono() + METRICS_PERIOD;
}

void
metrics_close(struct metrics *m)
{
	if (m->len > 0)
		metrics_write(m);
	free(m->path);
	free(m->buf);
	memset(m, 0, sizeof(*m));
}
