#include "channel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "stop.h"
#include "utf8.h"

enum {
	LINE_MAX_BYTES = 4096,
	SHOWN_MAX = 40 /* of a line that is no channel name */
};

static int
unreadable(struct channel_file *file)
{
	snprintf(file->why, sizeof(file->why), "cannot read '%s': %s",
	    file->path, strerror(errno));
	return -1;
}

int
channel_file_open(struct channel_file *file, const char *path)
{
	bool standard = strcmp(path, "-") == 0;

	*file = (struct channel_file){.path = path, .fd = STDIN_FILENO};
	if (!standard)
		file->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file->fd == -1)
		return unreadable(file);
	if (line_open(&file->in, file->fd, LINE_MAX_BYTES) == 0)
		return 0;
	unreadable(file);
	if (!standard)
		close(file->fd);
	return -1;
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && strchr(" \t\r", s.p[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/* True if a line names no channel on purpose. */
static bool
is_blank(struct slice line)
{
	return line.len == 0 ||
	    (line.p[0] == '#' && (line.len == 1 || line.p[1] == ' '));
}

/* As channel_file_next, of one line: 0 if it is blank. */
static int
read_line(struct channel_file *file, const struct line *line,
    char name[CHANNEL_MAX + 1])
{
	struct slice text = line->text;

	file->line += line->first;
	if (file->line == 1 && line->first)
		text = utf8_unmarked(text);
	text = trim(text);
	if (line->first && is_blank(text))
		return 0;
	if (line->first && line->last && channel_name(text, name) != -1)
		return 1;
	snprintf(file->why, sizeof(file->why),
	    "'%s' line %lu: '%.*s' is not a channel name", file->path,
	    file->line, text.len < SHOWN_MAX ? (int)text.len : SHOWN_MAX,
	    text.p);
	return -1;
}

int
channel_file_next(struct channel_file *file, char name[CHANNEL_MAX + 1])
{
	struct line line;
	int n;

	do
		while (line_next(&file->in, &line))
			if ((n = read_line(file, &line, name)) != 0)
				return n;
	while ((n = line_fill(&file->in)) > 0);
	if (n == -1)
		return unreadable(file);
	if (!stop_requested())
		return 0;
	snprintf(file->why, sizeof(file->why),
	    "'%s' is not used: told to stop before its end", file->path);
	return -1;
}

void
channel_file_close(struct channel_file *file)
{
	line_close(&file->in);
	if (file->fd != STDIN_FILENO)
		close(file->fd);
}
