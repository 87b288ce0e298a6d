#include "message.h"

/* Take what stands before the next space off the front of rest. */
static struct slice
word(struct slice *rest)
{
	struct slice w = *rest;
	const char *space = memchr(rest->p, ' ', rest->len);

	if (space != NULL)
		w.len = (size_t)(space - rest->p);
	rest->p += w.len;
	rest->len -= w.len;
	while (rest->len > 0 && rest->p[0] == ' ') {
		rest->p++;
		rest->len--;
	}
	return w;
}

static struct slice
without_first(struct slice s)
{
	return (struct slice){s.p + 1, s.len - 1};
}

bool
message_parse(struct message *m, struct slice line)
{
	struct slice rest = line;

	m->line = line;
	m->tags = (struct slice){line.p, 0};
	m->count = 0;
	if (rest.len > 0 && rest.p[0] == '@')
		m->tags = without_first(word(&rest));
	m->untagged = (size_t)(rest.p - line.p);
	if (rest.len > 0 && rest.p[0] == ':')
		word(&rest);
	m->command = word(&rest);
	while (rest.len > 0 && m->count < MESSAGE_PARAMS) {
		if (rest.p[0] == ':') {
			m->params[m->count++] = without_first(rest);
			break;
		}
		m->params[m->count++] = word(&rest);
	}
	return m->command.len > 0;
}

struct slice
message_tag(const struct message *m, struct slice key)
{
	const char *p = m->tags.p, *end = p + m->tags.len;

	while (p < end) {
		const char *stop = memchr(p, ';', (size_t)(end - p));

		if (stop == NULL)
			stop = end;
		if ((size_t)(stop - p) > key.len && p[key.len] == '=' &&
		    memcmp(p, key.p, key.len) == 0)
			return (struct slice){
			    p + key.len + 1, (size_t)(stop - p) - key.len - 1};
		p = stop + 1;
	}
	return (struct slice){NULL, 0};
}

struct slice
message_channel(const struct message *m)
{
	for (unsigned i = 0; i < m->count; i++)
		if (m->params[i].len > 1 && m->params[i].p[0] == '#')
			return without_first(m->params[i]);
	return (struct slice){NULL, 0};
}
