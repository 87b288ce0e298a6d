#ifndef PUBLISHER_RECORD_TEMPLATE_H
#define PUBLISHER_RECORD_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "members.h"

/*
 * A text with holes that a record's members fill:
 *
 *	chat-{type}			one member
 *	{channel_id|channel}		the first of them that has a value
 *	{channel_id|channel|}		or nothing
 *	{{ and }}			a brace
 *
 * A member has a value when it is a string that is not empty, a number, true
 * or false.
 */
enum { TEMPLATE_PARTS_MAX = 16, TEMPLATE_CHOICES_MAX = 8 };

struct template_part {
	struct slice text; /* a literal; or the hole as it was written */
	bool hole, optional;
	int choices[TEMPLATE_CHOICES_MAX]; /* indices into members */
	size_t choice_count;
};

struct text_template {
	struct template_part parts[TEMPLATE_PARTS_MAX];
	size_t count;
};

/*
 * Understand a template, and want its members of *members. The text must
 * outlive both. Returns 0; or -1 with *why set, a few words.
 */
int template_parse(struct text_template *t, const char *text,
    struct members *members, const char **why);

/* True if the template has no hole: then it renders the same every time. */
bool template_constant(const struct text_template *t);

/*
 * Fill it from the record that members_find last saw. Returns 0 and *out is
 * the text, in buf; or -1 and *out is the hole that has no value, as it was
 * written, or is empty when the text is longer than size.
 */
int template_render(const struct text_template *t,
    const struct members *members, char *buf, size_t size, struct slice *out);

#endif
