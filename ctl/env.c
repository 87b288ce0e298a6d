#include "env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "utf8.h"

enum { FILE_MAX = 1024 * 1024 };

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *
skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* Cut the blanks, and the CR of a file from elsewhere, off the end of s. */
static void
trim_end(char *s)
{
	size_t n = strlen(s);

	while (n > 0 && (is_blank(s[n - 1]) || s[n - 1] == '\r'))
		n--;
	s[n] = '\0';
}

/* The value between its quotes, or NULL when they do not pair. */
static char *
quoted_value(char *p)
{
	char *close = strchr(p + 1, *p), *rest;

	if (close == NULL)
		return NULL;
	rest = skip_blanks(close + 1);
	if (*rest != '\0' && *rest != '#')
		return NULL;
	*close = '\0';
	return p + 1;
}

/* The value that begins at p, after the '='. */
static char *
plain_value(char *p)
{
	for (char *q = p; (q = strchr(q, '#')) != NULL; q++) {
		if (is_blank(q[-1])) {
			*q = '\0';
			break;
		}
	}
	trim_end(p);
	return skip_blanks(p);
}

/* One line into the environment. Returns 0, or -1 with errno set. */
static int
take(char *line)
{
	char *name, *end, *value;

	trim_end(line);
	name = skip_blanks(line);
	if (*name == '\0' || *name == '#')
		return 0;
	if (strncmp(name, "export", 6) == 0 && is_blank(name[6]))
		name = skip_blanks(name + 6);
	end = name + strspn(name, LETTERS DIGITS);
	value = skip_blanks(end);
	errno = EINVAL;
	if (strspn(name, LETTERS) == 0 || *value != '=')
		return -1;
	value++;
	*end = '\0';
	if (*skip_blanks(value) == '"' || *skip_blanks(value) == '\'')
		value = quoted_value(skip_blanks(value));
	else
		value = plain_value(value);
	return value == NULL ? -1 : setenv(name, value, 0);
}

/* Who may write it may have us run anything: LD_PRELOAD=evil.so. */
static bool
is_trusted(const struct stat *st)
{
	return (st->st_uid == geteuid() || st->st_uid == 0) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The file, NUL-terminated, which the caller frees; or NULL with errno set. */
static char *
read_file(const char *path, size_t *len)
{
	struct stat st;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;

	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0) {
		/* Python keeps its virtual environments in such a folder. */
		if (S_ISDIR(st.st_mode))
			errno = EISDIR;
		else if (!is_trusted(&st))
			errno = EPERM;
		else if (st.st_size > FILE_MAX)
			errno = EFBIG;
		else
			text = atomic_slurp(fd, FILE_MAX, len);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return text;
}

int
env_load(const char *path, unsigned *line)
{
	size_t len;
	char *text = read_file(path, &len), *p, *end;
	int error = 0;

	*line = 0;
	if (text == NULL)
		return errno == ENOENT || errno == EISDIR ? 0 : -1;
	p = text + len - utf8_unmarked((struct slice){text, len}).len;
	for (; p < text + len && error == 0; p = end + 1) {
		++*line;
		end = memchr(p, '\n', len - (size_t)(p - text));
		if (end == NULL)
			end = text + len;
		*end = '\0';
		/* A NUL byte would hide what follows it. */
		if (strlen(p) != (size_t)(end - p))
			error = EINVAL;
		else if (take(p) == -1)
			error = errno;
	}
	free(text);
	errno = error;
	return error == 0 ? 0 : -1;
}
