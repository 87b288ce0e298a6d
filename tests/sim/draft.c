#include "draft.h"

#include <string.h>

#include "json.h"

void
draft_begin(struct draft *d)
{
	d->p = d->untagged = d->bytes;
}

void
draft_put(struct draft *d, const char *s)
{
	d->p = stpcpy(d->p, s);
}

/* Between tags stands a semicolon, before the first the at sign. */
static void
name_tag(struct draft *d, const char *name)
{
	*d->p = d->p == d->bytes ? '@' : ';';
	d->p = stpcpy(d->p + 1, name);
	*d->p++ = '=';
}

void
draft_tag(struct draft *d, const char *name, const char *value)
{
	name_tag(d, name);
	d->p = stpcpy(d->p, value);
}

void
draft_number(struct draft *d, const char *name, int64_t value)
{
	name_tag(d, name);
	d->p = json_int(d->p, value);
}

void
draft_text(struct draft *d, const char *name, const char *value)
{
	name_tag(d, name);
	for (; *value != '\0'; value++) {
		switch (*value) {
		case ';':
			draft_put(d, "\\:");
			break;
		case ' ':
			draft_put(d, "\\s");
			break;
		case '\\':
			draft_put(d, "\\\\");
			break;
		default:
			*d->p++ = *value;
		}
	}
}

void
draft_end_tags(struct draft *d)
{
	*d->p++ = ' ';
	d->untagged = d->p;
}
