#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "dirs.h"
#include "fifo.h"

enum { STAGE_MAX = 128 }; /* bytes of a stage's label */

/* Read path again if it is not the file that was read last. */
static void
refresh_file(struct view_file *f, const char *path,
    int (*read)(struct snapshot *))
{
	struct stat st;
	int64_t written;

	if (path == NULL || stat(path, &st) == -1) {
		snapshot_free(&f->snapshot);
		f->readable = false;
		f->inode = 0;
		return;
	}
	written =
	    (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	if (st.st_ino == f->inode && written == f->written)
		return;
	snapshot_free(&f->snapshot);
	f->readable = read(&f->snapshot) == 0;
	f->inode = st.st_ino;
	f->written = written;
	f->version++;
}

void
view_tick(struct view *v)
{
	char path[DIRS_PATH_MAX];

	refresh_file(&v->saved,
	    dirs_state("channels.json", path) == 0 ? path : NULL,
	    snapshot_read_saved);
	textfiles_free(&v->metrics);
	textfiles_read(&v->metrics);
}

void
view_refresh(struct view *v)
{
	char path[DIRS_PATH_MAX];

	v->listening =
	    dirs_run("ctl", path) == 0 && fifo_offer(path, SLICE("")) == 0;
	refresh_file(&v->status,
	    dirs_run("status.json", path) == 0 ? path : NULL, snapshot_read);
	view_tick(v);
}

void
view_free(struct view *v)
{
	snapshot_free(&v->status.snapshot);
	snapshot_free(&v->saved.snapshot);
	textfiles_free(&v->metrics);
}

bool
view_is_publisher(const struct textfile *file)
{
	return strstr(file->name, "-publish") != NULL;
}

bool
view_is_up(const struct textfile *publisher)
{
	double up;

	return (textfile_sum(publisher, "_publish_destination_up", &up) ||
		   textfile_sum(publisher, "_publish_up", &up)) &&
	    up >= 1;
}

/*
 * How long ago the reader gave a sign of life, ms: it writes its metrics every
 * second, its status only when there is news.
 */
static int64_t
reader_age(const struct view *v)
{
	int64_t age = clock_wall() - v->status.written;

	for (size_t i = 0; i < v->metrics.n; i++)
		if (strcmp(v->metrics.v[i].name, "ws-reader") == 0 &&
		    textfile_age(&v->metrics.v[i]) < age)
			age = textfile_age(&v->metrics.v[i]);
	return age;
}

static void
say_reader_faults(FILE *to, const struct view *v)
{
	const struct snapshot *s = &v->status.snapshot;
	size_t desired, joined = 0;

	if (!v->listening) {
		fputs("no reader is running\n", to);
		return;
	}
	if (!v->status.readable) {
		fputs("the reader has not written its status\n", to);
		return;
	}
	if (reader_age(v) > TEXTFILE_STALE)
		fprintf(to, "the reader has said nothing for %d s\n",
		    (int)(reader_age(v) / 1000));
	for (size_t i = 0; i < s->channels_n; i++)
		joined += strcmp(s->channels[i].phase, "joined") == 0;
	desired =
	    v->saved.readable ? v->saved.snapshot.channels_n : s->channels_n;
	if (joined == 0 && desired > 0)
		fprintf(to, "none of %zu channels is joined\n", desired);
}

static bool
mentions(const struct textfile *file, const char *text)
{
	return memmem(file->text, file->len, text, strlen(text)) != NULL;
}

/* What twitch-ingest says of its stages, if it runs. */
static const struct textfile *
find_supervisor(const struct view *v)
{
	for (size_t i = 0; i < v->metrics.n; i++)
		if (strcmp(v->metrics.v[i].name, "twitch-ingest") == 0 &&
		    !textfile_is_stale(&v->metrics.v[i]))
			return &v->metrics.v[i];
	return NULL;
}

/* One that was run beside a pipeline that has publishers is not its own. */
static bool
is_of_pipeline(const struct textfile *file, const struct textfile *supervisor)
{
	char label[STAGE_MAX];

	if (supervisor == NULL || !mentions(supervisor, "-publish"))
		return true;
	snprintf(label, sizeof(label), "stage=\"%s\"", file->name);
	return mentions(supervisor, label);
}

static void
say_publisher_faults(FILE *to, const struct view *v)
{
	const struct textfile *supervisor = find_supervisor(v);
	bool any = false;

	for (size_t i = 0; i < v->metrics.n; i++) {
		const struct textfile *file = &v->metrics.v[i];

		if (!view_is_publisher(file) ||
		    !is_of_pipeline(file, supervisor))
			continue;
		any = true;
		if (textfile_is_stale(file))
			fprintf(to, "%s has said nothing for %d s\n",
			    file->name, (int)(textfile_age(file) / 1000));
		else if (!view_is_up(file))
			fprintf(to, "the destination of %s does not answer\n",
			    file->name);
	}
	if (!any)
		fputs("no publisher is running\n", to);
}

char *
view_faults(const struct view *v, bool reader_only)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (to == NULL)
		return NULL;
	say_reader_faults(to, v);
	if (!reader_only)
		say_publisher_faults(to, v);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}
