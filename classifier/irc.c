#include "irc.h"

#include "chunk.h"

static void
skip_spaces(struct slice *s)
{
	while (s->len > 0 && *s->p == ' ') {
		s->p++;
		s->len--;
	}
}

/* What stands before the next space, taken off the front with the spaces. */
static struct slice
take_word(struct slice *s)
{
	const char *space = chunk_find(s->p, s->p + s->len, ' ');
	struct slice word = {s->p, (size_t)(space - s->p)};

	s->p += word.len;
	s->len -= word.len;
	skip_spaces(s);
	return word;
}

static struct slice
without_first(struct slice s)
{
	return (struct slice){s.p + 1, s.len - 1};
}

const char *
irc_split(struct slice rest, struct irc_message *msg)
{
	msg->source = (struct slice){rest.p, 0};
	if (rest.len > 0 && *rest.p == ':')
		msg->source = without_first(take_word(&rest));
	msg->command = take_word(&rest);
	msg->params = rest;
	return msg->command.len > 0 ? NULL : "not a message of IRC";
}

bool
irc_param(struct slice *params, struct slice *param)
{
	if (params->len == 0)
		return false;
	if (*params->p == ':') {
		*param = without_first(*params);
		*params = (struct slice){params->p + params->len, 0};
	} else {
		*param = take_word(params);
	}
	return true;
}

bool
irc_text(struct slice *params, struct slice *text)
{
	if (params->len == 0)
		return false;
	if (*params->p == ':')
		return irc_param(params, text);
	*text = *params;
	while (text->len > 0 && text->p[text->len - 1] == ' ')
		text->len--;
	*params = (struct slice){params->p + params->len, 0};
	return true;
}

/* Cut s at the first c; what follows it is returned, s what was before. */
static struct slice
cut(struct slice *s, char c)
{
	const char *end = s->p + s->len, *at = chunk_find(s->p, end, c);

	s->len = (size_t)(at - s->p);
	at += at < end;
	return (struct slice){at, (size_t)(end - at)};
}

struct irc_source
irc_source(struct slice source)
{
	struct irc_source s = {.nick = source};

	s.host = cut(&s.nick, '@');
	s.user = cut(&s.nick, '!');
	return s;
}
