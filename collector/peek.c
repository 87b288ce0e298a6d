#include "peek.h"

static const struct {
	struct slice name;
	enum peek_command command;
} commands[] = {
    {{"001", 3}, PEEK_WELCOME},
    {{"366", 3}, PEEK_ENDOFNAMES},
    {{"CAP", 3}, PEEK_CAP},
    {{"JOIN", 4}, PEEK_JOIN},
    {{"NOTICE", 6}, PEEK_NOTICE},
    {{"PART", 4}, PEEK_PART},
    {{"PING", 4}, PEEK_PING},
    {{"PONG", 4}, PEEK_PONG},
    {{"RECONNECT", 9}, PEEK_RECONNECT},
    {{"ROOMSTATE", 9}, PEEK_ROOMSTATE},
};

/* Take the next word and the spaces after it. */
static struct slice
take_word(struct slice *rest)
{
	const char *space = memchr(rest->p, ' ', rest->len);
	struct slice word = *rest;

	if (space != NULL)
		word.len = (size_t)(space - rest->p);
	rest->p += word.len;
	rest->len -= word.len;
	while (rest->len > 0 && *rest->p == ' ') {
		rest->p++;
		rest->len--;
	}
	return word;
}

static struct slice
from(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.len - n};
}

static enum peek_command
look_up(struct slice word)
{
	/* Nearly every line is a PRIVMSG. */
	if (word.len == 7)
		return PEEK_OTHER;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (slice_eq(word, commands[i].name))
			return commands[i].command;
	return PEEK_OTHER;
}

struct peek
peek_line(struct slice line)
{
	struct peek peek = {.command = PEEK_OTHER};

	if (line.len > 0 && *line.p == '@')
		peek.tags = from(take_word(&line), 1);
	if (line.len > 0 && *line.p == ':') {
		struct slice prefix = from(take_word(&line), 1);
		const char *bang = memchr(prefix.p, '!', prefix.len);

		peek.nick = prefix;
		if (bang != NULL)
			peek.nick.len = (size_t)(bang - prefix.p);
	}
	peek.command = look_up(take_word(&line));
	for (int i = 0; i < PEEK_PARAMS && line.len > 0; i++) {
		if (*line.p == ':') {
			peek.param[i] = from(line, 1);
			break;
		}
		peek.param[i] = take_word(&line);
	}
	return peek;
}

struct slice
peek_tag(const struct peek *peek, struct slice name)
{
	struct slice rest = peek->tags;

	while (rest.len > name.len) {
		const char *end = memchr(rest.p, ';', rest.len);
		size_t len = end == NULL ? rest.len : (size_t)(end - rest.p);

		if (len > name.len && rest.p[name.len] == '=' &&
		    memcmp(rest.p, name.p, name.len) == 0)
			return (struct slice){
			    rest.p + name.len + 1, len - name.len - 1};
		rest = from(rest, end == NULL ? len : len + 1);
	}
	return SLICE("");
}

struct slice
peek_channel(struct slice param)
{
	if (param.len < 2 || *param.p != '#')
		return SLICE("");
	return from(param, 1);
}
