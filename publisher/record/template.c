#include "template.h"

#include <string.h>

static int
add_choice(struct template_part *part, struct slice name,
    struct members *members, const char **why)
{
	int index;

	if (name.len == 0) {
		*why = "a name is missing between its braces";
		return -1;
	}
	if (part->choice_count == TEMPLATE_CHOICES_MAX ||
	    (index = members_want(members, name)) == -1) {
		*why = "it names too many members";
		return -1;
	}
	part->choices[part->choice_count++] = index;
	return 0;
}

/* What is between { and }, split at its bars. */
static int
parse_hole(struct template_part *part, const char *from, const char *end,
    struct members *members, const char **why)
{
	part->hole = true;
	part->text = (struct slice){from - 1, (size_t)(end - from) + 2};
	if (end > from && end[-1] == '|') {
		part->optional = true;
		end--;
	}
	for (;;) {
		const char *bar = memchr(from, '|', (size_t)(end - from));
		const char *stop = bar == NULL ? end : bar;

		if (add_choice(part,
			(struct slice){from, (size_t)(stop - from)}, members,
			why) == -1)
			return -1;
		if (bar == NULL)
			return 0;
		from = bar + 1;
	}
}

int
template_parse(struct text_template *t, const char *text,
    struct members *members, const char **why)
{
	const char *p = text;

	memset(t, 0, sizeof(*t));
	while (*p != '\0') {
		struct template_part *part = &t->parts[t->count];
		size_t plain = strcspn(p, "{}");

		if (t->count++ == TEMPLATE_PARTS_MAX) {
			*why = "it has too many parts";
			return -1;
		}
		if (plain > 0) {
			part->text = (struct slice){p, plain};
			p += plain;
		} else if (p[0] == p[1]) {
			part->text = (struct slice){p, 1};
			p += 2;
		} else {
			const char *end = p + strcspn(p + 1, "{}") + 1;

			if (*p != '{' || *end != '}') {
				*why = "a brace has no partner "
				       "(a brace itself is written twice)";
				return -1;
			}
			if (parse_hole(part, p + 1, end, members, why) == -1)
				return -1;
			p = end + 1;
		}
	}
	return 0;
}

bool
template_constant(const struct text_template *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->parts[i].hole)
			return false;
	return true;
}

/*
 * Fill a hole. Returns the new end, p itself when it has no value, or NULL
 * when the value may not fit.
 */
static char *
render_hole(const struct template_part *part, const struct members *members,
    char *p, const char *end)
{
	for (size_t i = 0; i < part->choice_count; i++) {
		char *filled =
		    member_text(&members->list[part->choices[i]], p, end);

		if (filled != p)
			return filled;
	}
	return p;
}

static char *
render_literal(struct slice text, char *p, const char *end)
{
	if (text.len > (size_t)(end - p))
		return NULL;
	memcpy(p, text.p, text.len);
	return p + text.len;
}

int
template_render(const struct text_template *t, const struct members *members,
    char *buf, size_t size, struct slice *out)
{
	char *p = buf, *end = buf + size;

	for (size_t i = 0; i < t->count; i++) {
		const struct template_part *part = &t->parts[i];
		char *filled = part->hole ? render_hole(part, members, p, end) :
					    render_literal(part->text, p, end);

		if (filled == NULL || (filled == p && !part->optional)) {
			*out = filled == NULL ? SLICE("") : part->text;
			return -1;
		}
		p = filled;
	}
	*out = (struct slice){buf, (size_t)(p - buf)};
	return 0;
}
