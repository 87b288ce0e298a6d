#include "members.h"

#include <string.h>

enum { NUMBER_DIGITS_MAX = 15 };

int
members_want(struct members *m, struct slice name)
{
	for (size_t i = 0; i < m->count; i++)
		if (slice_eq(m->list[i].name, name))
			return (int)i;
	if (m->count == MEMBERS_MAX)
		return -1;
	m->list[m->count].name = name;
	return (int)m->count++;
}

static void
keep_if_wanted(struct members *m, const struct scan_member *value)
{
	for (size_t i = 0; i < m->count; i++) {
		struct member *member = &m->list[i];

		if (!member->found && slice_eq(member->name, value->key)) {
			member->value = *value;
			member->found = true;
			return;
		}
	}
}

int
members_find(struct members *m, struct slice record, const char **why)
{
	struct scan_member value;
	struct scan scan;

	for (size_t i = 0; i < m->count; i++)
		m->list[i].found = false;
	scan_open(&scan, record);
	while (scan_next(&scan, &value))
		keep_if_wanted(m, &value);
	*why = scan.error;
	return scan.error == NULL ? 0 : -1;
}

char *
member_text(const struct member *member, char *p, const char *end)
{
	struct slice text = member->value.value;

	if (!member->found)
		return p;
	switch (member->value.kind) {
	case SCAN_STRING:
	case SCAN_NUMBER:
	case SCAN_TRUE:
	case SCAN_FALSE:
		break;
	case SCAN_NULL:
	case SCAN_OBJECT:
	case SCAN_ARRAY:
		return p;
	}
	if (text.len > (size_t)(end - p))
		return NULL;
	if (member->value.escaped)
		return scan_unescape(p, text);
	memcpy(p, text.p, text.len);
	return p + text.len;
}

int64_t
member_number(const struct member *member)
{
	struct slice digits = member->value.value;
	int64_t v = 0;

	if (!member->found || member->value.kind != SCAN_NUMBER ||
	    digits.len > NUMBER_DIGITS_MAX)
		return -1;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return -1;
		v = v * 10 + (digits.p[i] - '0');
	}
	return v;
}
