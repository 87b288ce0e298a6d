#include "envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kafka's rule for the name of a topic. */
static bool
is_topic(const char *name, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	return len > 0 && len <= ENVELOPE_TOPIC_MAX &&
	    strspn(name, allowed) == len;
}

static int
parse(struct envelope *e, struct text_template *t, const char *what,
    const char *text)
{
	const char *why;

	if (template_parse(t, text, &e->members, &why) == 0)
		return 0;
	snprintf(e->why, sizeof(e->why), "%s '%.100s': %s", what, text, why);
	return -1;
}

static int
bad_topic(struct envelope *e, const char *name)
{
	snprintf(e->why, sizeof(e->why),
	    "'%.100s' is not a topic name: letters, digits, '.', '_' and '-', "
	    "at most %d",
	    name, ENVELOPE_TOPIC_MAX);
	return -1;
}

int
envelope_open(struct envelope *e, const char *topic, const char *key)
{
	memset(e, 0, sizeof(*e));
	if (parse(e, &e->topic_template, "topic", topic) == -1 ||
	    parse(e, &e->key_template, "key", key) == -1)
		return -1;
	e->type_member = members_want(&e->members, SLICE("type"));
	if (e->type_member == -1 ||
	    moment_open(&e->moment, &e->members) == -1) {
		snprintf(e->why, sizeof(e->why),
		    "topic and key name more than %d members", MEMBERS_MAX);
		return -1;
	}
	e->topic = topic;
	e->one_topic = template_constant(&e->topic_template);
	if (e->one_topic && !is_topic(topic, strlen(topic)))
		return bad_topic(e, topic);
	return 0;
}

int
envelope_reserve(struct envelope *e, size_t record_max)
{
	e->size = record_max;
	e->key_buf = malloc(e->size);
	e->topic_buf = malloc(e->size + 1); /* and a NUL */
	return e->key_buf != NULL && e->topic_buf != NULL ? 0 : -1;
}

void
envelope_close(struct envelope *e)
{
	free(e->key_buf);
	free(e->topic_buf);
}

static int
render(struct envelope *e, const struct text_template *t, char *buf,
    struct slice *out)
{
	if (template_render(t, &e->members, buf, e->size, out) == 0)
		return 0;
	if (out->len > 0)
		snprintf(e->why, sizeof(e->why), "no value for %.*s",
		    (int)out->len, out->p);
	else
		snprintf(e->why, sizeof(e->why),
		    "its key or topic is too long");
	return -1;
}

static int
fill_topic(struct envelope *e)
{
	struct slice name;

	if (render(e, &e->topic_template, e->topic_buf, &name) == -1)
		return -1;
	e->topic_buf[name.len] = '\0';
	e->topic = e->topic_buf;
	return is_topic(name.p, name.len) ? 0 : bad_topic(e, name.p);
}

int
envelope_fill(struct envelope *e, struct slice record)
{
	const char *why;
	int64_t ms;
	char *end;

	if (members_find(&e->members, record, &why) == -1) {
		snprintf(e->why, sizeof(e->why), "%s", why);
		return -1;
	}
	if ((!e->one_topic && fill_topic(e) == -1) ||
	    render(e, &e->key_template, e->key_buf, &e->key) == -1)
		return -1;
	ms = moment_of(&e->moment, &e->members);
	e->timestamp = ms == -1 ? 0 : ms;
	end = member_text(&e->members.list[e->type_member], e->type_buf,
	    e->type_buf + sizeof(e->type_buf));
	e->type.p = e->type_buf;
	e->type.len = end == NULL ? 0 : (size_t)(end - e->type_buf);
	return 0;
}
