#include "amqp_label.h"

#include <stdio.h>
#include <string.h>

int
amqp_label_open(struct amqp_label *l, const char *key)
{
	const char *why;

	memset(l, 0, sizeof(*l));
	if (template_parse(&l->key, key, &l->members, &why) == -1) {
		snprintf(l->why, sizeof(l->why), "key '%.150s': %s", key, why);
		return -1;
	}
	l->id = members_want(&l->members, SLICE("id"));
	l->type = members_want(&l->members, SLICE("type"));
	if (l->id != -1 && l->type != -1 &&
	    moment_open(&l->moment, &l->members) == 0)
		return 0;
	snprintf(l->why, sizeof(l->why), "the key names too many members");
	return -1;
}

/* A property by a member; none when that is too long to be one. */
static struct slice
property(const struct amqp_label *l, int index, char buf[EXCHANGE_KEY_MAX])
{
	const char *end =
	    member_text(&l->members.list[index], buf, buf + EXCHANGE_KEY_MAX);

	return (struct slice){buf, end == NULL ? 0 : (size_t)(end - buf)};
}

int
amqp_label_fill(struct amqp_label *l, struct slice record)
{
	struct exchange_message *m = &l->message;
	const char *why;

	if (members_find(&l->members, record, &why) == -1) {
		snprintf(l->why, sizeof(l->why), "%s", why);
		return -1;
	}
	if (template_render(&l->key, &l->members, l->key_text,
		sizeof(l->key_text), &m->key) == -1) {
		if (m->key.len == 0)
			snprintf(l->why, sizeof(l->why),
			    "its key is longer than %d bytes",
			    EXCHANGE_KEY_MAX);
		else
			snprintf(l->why, sizeof(l->why), "no value for %.*s",
			    (int)m->key.len, m->key.p);
		return -1;
	}
	m->body = record;
	m->id = property(l, l->id, l->id_text);
	m->type = property(l, l->type, l->type_text);
	m->timestamp = moment_of(&l->moment, &l->members);
	return 0;
}
