#include "textfile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "atomic.h"
#include "clock.h"
#include "dirs.h"
#include "log.h"

static const char suffix[] = ".prom";

enum { SUFFIX_LEN = sizeof(suffix) - 1, NUMBER_MAX = 64 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS "0123456789"

#define PLAIN LETTERS DIGITS ".-"    /* a file's name */
#define NAME_FIRST LETTERS ":"       /* a metric's name begins */
#define NAME_REST LETTERS DIGITS ":" /* and goes on */

static int
is_textfile(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t len = strlen(name);

	/* Only what needs no quoting, nor is a writer's temporary file. */
	return *name != '.' && len > SUFFIX_LEN && strspn(name, PLAIN) == len &&
	    strcmp(name + len - SUFFIX_LEN, suffix) == 0;
}

/* Read one file of dir. Returns 0, or -1 with errno set. */
static int
take(struct textfile *file, const char *dir, const char *name)
{
	char path[DIRS_PATH_MAX + 256];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	/* Replaced between the two, it looks older than it is for a second. */
	if (stat(path, &st) == -1)
		return -1;
	file->text = atomic_read(path, TEXTFILE_MAX, &file->len);
	if (file->text == NULL)
		return -1;
	file->written =
	    (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	file->name = strndup(name, strlen(name) - SUFFIX_LEN);
	if (file->name != NULL)
		return 0;
	free(file->text);
	return -1;
}

void
textfiles_read(struct textfiles *files)
{
	static struct log_limit limit;
	char dir[DIRS_PATH_MAX];
	struct dirent **entries;
	unsigned long held;
	int n;

	*files = (struct textfiles){0};
	if (dirs_run("metrics", dir) == -1)
		return;
	n = scandir(dir, &entries, is_textfile, alphasort);
	if (n == -1)
		return;
	files->v = calloc((size_t)n + 1, sizeof(*files->v));
	for (int i = 0; i < n; i++) {
		if (files->v == NULL)
			errno = ENOMEM;
		else if (take(&files->v[files->n], dir, entries[i]->d_name) ==
		    0)
			files->n++;
		else if (errno != ENOENT && log_limit(&limit, &held))
			log_warn("cannot read '%s/%s': %s", dir,
			    entries[i]->d_name, strerror(errno));
		free(entries[i]);
	}
	free(entries);
}

void
textfiles_free(struct textfiles *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->v[i].name);
		free(files->v[i].text);
	}
	free(files->v);
	*files = (struct textfiles){0};
}

int64_t
textfile_age(const struct textfile *file)
{
	int64_t age = clock_wall() - file->written;

	return age > 0 ? age : 0;
}

bool
textfile_is_stale(const struct textfile *file)
{
	return textfile_age(file) > TEXTFILE_STALE;
}

bool
textfile_line(struct slice *text, struct slice *line)
{
	const char *end;

	if (text->len == 0)
		return false;
	end = memchr(text->p, '\n', text->len);
	line->p = text->p;
	line->len = end == NULL ? text->len : (size_t)(end - text->p);
	text->p += line->len + (end != NULL);
	text->len -= line->len + (end != NULL);
	return true;
}

/* How many bytes at p are in `of`. */
static size_t
span(const char *p, const char *end, const char *of)
{
	const char *q = p;

	while (q < end && *q != '\0' && strchr(of, *q) != NULL)
		q++;
	return (size_t)(q - p);
}

/* Past the labels that begin at p, or NULL when they do not end. */
static const char *
skip_labels(const char *p, const char *end)
{
	bool quoted = false;

	for (; p < end; p++) {
		if (quoted && *p == '\\')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == '}' && !quoted)
			return p + 1;
	}
	return NULL;
}

bool
sample_parse(struct sample *s, struct slice line)
{
	const char *p = line.p, *end = p + line.len;
	char number[NUMBER_MAX], *rest;
	size_t len;

	if (span(p, end, NAME_FIRST) == 0)
		return false;
	s->name = (struct slice){p, span(p, end, NAME_REST)};
	p += s->name.len;
	if (p < end && *p == '{')
		p = skip_labels(p + 1, end);
	if (p == NULL)
		return false;
	len = (size_t)(end - p);
	if (len == 0 || len >= sizeof(number) || *p != ' ')
		return false;
	memcpy(number, p, len);
	number[len] = '\0';
	s->value = strtod(number, &rest);
	/* A time may follow, in whole milliseconds. */
	if (*rest == ' ')
		strtoll(rest, &rest, 10);
	return rest == number + len;
}

/* True if the name is this one, or ends with it when it begins with _. */
static bool
is_named(struct slice name, const char *wanted)
{
	size_t len = strlen(wanted);

	if (*wanted != '_')
		return slice_eq(name, slice_of(wanted));
	return name.len >= len &&
	    memcmp(name.p + name.len - len, wanted, len) == 0;
}

bool
textfile_sum(const struct textfile *file, const char *name, double *sum)
{
	struct slice text = {file->text, file->len}, line;
	struct sample s;
	bool found = false;

	*sum = 0;
	while (textfile_line(&text, &line)) {
		if (!sample_parse(&s, line) || !is_named(s.name, name))
			continue;
		*sum += s.value;
		found = true;
	}
	return found;
}
