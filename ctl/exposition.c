#include "exposition.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kinds of lines in the order they stand in within a family. */
enum kind { HELP, TYPE, SAMPLE };

struct entry {
	size_t family, seq;
	enum kind kind;
	struct slice line;
};

struct page {
	struct slice *families; /* their names */
	size_t n_families;
	struct entry *entries;
	size_t n_entries;
	size_t family; /* of the last HELP or TYPE, or NONE */
	bool failed;   /* out of memory */
};

#define NONE ((size_t)-1)

/* v with room for one more than n: it doubles when n is a power of two. */
static void *
grow(struct page *page, void *v, size_t n, size_t size)
{
	void *more;

	if ((n & (n - 1)) != 0)
		return v;
	more = realloc(v, (n == 0 ? 1 : 2 * n) * size);
	if (more == NULL)
		page->failed = true;
	return more == NULL ? v : more;
}

static size_t
family_of(struct page *page, struct slice name)
{
	for (size_t i = 0; i < page->n_families; i++)
		if (slice_eq(page->families[i], name))
			return i;
	page->families = grow(page, page->families, page->n_families,
	    sizeof(*page->families));
	if (page->failed)
		return NONE;
	page->families[page->n_families] = name;
	return page->n_families++;
}

static void
add(struct page *page, size_t family, enum kind kind, struct slice line)
{
	page->entries =
	    grow(page, page->entries, page->n_entries, sizeof(*page->entries));
	if (page->failed)
		return;
	page->entries[page->n_entries] =
	    (struct entry){family, page->n_entries, kind, line};
	page->n_entries++;
}

/* The name in a line that begins with `head`; nothing if it does not. */
static struct slice
name_after(struct slice head, struct slice line)
{
	const char *p, *space;

	if (line.len <= head.len || memcmp(line.p, head.p, head.len) != 0)
		return (struct slice){NULL, 0};
	p = line.p + head.len;
	space = memchr(p, ' ', line.len - head.len);
	if (space == NULL)
		return (struct slice){NULL, 0};
	return (struct slice){p, (size_t)(space - p)};
}

/* True if a sample of this name can belong to the family. */
static bool
belongs(struct slice family, struct slice name)
{
	static const struct slice suffixes[] = {
	    {"", 0}, {"_bucket", 7}, {"_sum", 4}, {"_count", 6}};
	struct slice rest;

	if (name.len < family.len || memcmp(name.p, family.p, family.len) != 0)
		return false;
	rest.p = name.p + family.len;
	rest.len = name.len - family.len;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (slice_eq(rest, suffixes[i]))
			return true;
	return false;
}

/* Returns false if the line says nothing that can be passed on. */
static bool
take_line(struct page *page, struct slice line)
{
	struct sample s;
	struct slice name;

	if ((name = name_after(SLICE("# HELP "), line)).len > 0) {
		page->family = family_of(page, name);
		add(page, page->family, HELP, line);
	} else if ((name = name_after(SLICE("# TYPE "), line)).len > 0) {
		page->family = family_of(page, name);
		add(page, page->family, TYPE, line);
	} else if (sample_parse(&s, line)) {
		if (page->family == NONE ||
		    !belongs(page->families[page->family], s.name))
			page->family = family_of(page, s.name);
		add(page, page->family, SAMPLE, line);
	} else {
		return line.len == 0 || *line.p == '#';
	}
	return true;
}

static int
in_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static void
print_entries(FILE *to, const struct page *page)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < page->n_entries; i++) {
		const struct entry *e = &page->entries[i];

		/* Another file has said it already. */
		if (e->kind != SAMPLE && last != NULL &&
		    last->family == e->family && last->kind == e->kind)
			continue;
		fwrite(e->line.p, 1, e->line.len, to);
		putc('\n', to);
		last = e;
	}
}

static void
print_files(FILE *to, const struct textfiles *files, const size_t *invalid)
{
	fputs("# HELP twitch_httpd_file_age_seconds "
	      "How old the metrics file is.\n"
	      "# TYPE twitch_httpd_file_age_seconds gauge\n",
	    to);
	for (size_t i = 0; i < files->n; i++)
		fprintf(to, "twitch_httpd_file_age_seconds{file=\"%s\"} %.3f\n",
		    files->v[i].name,
		    (double)textfile_age(&files->v[i]) / 1000);
	fputs("# HELP twitch_httpd_file_stale "
	      "1 if its program has ended or hangs.\n"
	      "# TYPE twitch_httpd_file_stale gauge\n",
	    to);
	for (size_t i = 0; i < files->n; i++)
		fprintf(to, "twitch_httpd_file_stale{file=\"%s\"} %d\n",
		    files->v[i].name, textfile_is_stale(&files->v[i]));
	fputs("# HELP twitch_httpd_file_invalid_lines "
	      "Lines of it that are no metrics, and left out.\n"
	      "# TYPE twitch_httpd_file_invalid_lines gauge\n",
	    to);
	for (size_t i = 0; i < files->n; i++)
		fprintf(to,
		    "twitch_httpd_file_invalid_lines{file=\"%s\"} %zu\n",
		    files->v[i].name, invalid[i]);
}

/* Read all files into page; invalid[i] counts the lines of file i left out. */
static void
take_files(struct page *page, const struct textfiles *files, size_t *invalid)
{
	for (size_t i = 0; i < files->n; i++) {
		struct slice rest = {files->v[i].text, files->v[i].len}, line;

		page->family = NONE;
		while (!page->failed && textfile_line(&rest, &line))
			invalid[i] += !take_line(page, line);
	}
	if (page->n_entries > 0)
		qsort(page->entries, page->n_entries, sizeof(*page->entries),
		    in_order);
}

char *
exposition(const struct textfiles *files, size_t *len)
{
	struct page page = {0};
	size_t *invalid = calloc(files->n + 1, sizeof(*invalid));
	char *text = NULL;
	FILE *to = invalid == NULL ? NULL : open_memstream(&text, len);

	if (to != NULL) {
		take_files(&page, files, invalid);
		print_entries(to, &page);
		print_files(to, files, invalid);
		if (ferror(to))
			page.failed = true;
		if (fclose(to) == EOF || page.failed) {
			free(text);
			text = NULL;
		}
	}
	free(page.families);
	free(page.entries);
	free(invalid);
	return text;
}
