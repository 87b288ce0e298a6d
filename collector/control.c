#include "control.h"

#include <stdio.h>
#include <unistd.h>

#include "channel.h"
#include "clock.h"
#include "quantity.h"

enum { SHOWN_MAX = 40 }; /* of what is refused, in the log */

static void
refuse(struct control *c, const char *what, struct slice text)
{
	unsigned long held;

	c->refused++;
	if (!log_limit(&c->limit, &held))
		return;
	if (text.len > SHOWN_MAX)
		text.len = SHOWN_MAX;
	if (held > 0)
		log_warn("control: %s '%.*s' (and %lu more were refused)", what,
		    (int)text.len, text.p, held);
	else
		log_warn("control: %s '%.*s'", what, (int)text.len, text.p);
}

static struct slice
take_word(struct slice *rest)
{
	struct slice word;

	while (rest->len > 0 && *rest->p == ' ') {
		rest->p++;
		rest->len--;
	}
	word = (struct slice){rest->p, 0};
	while (rest->len > 0 && *rest->p != ' ') {
		rest->p++;
		rest->len--;
		word.len++;
	}
	return word;
}

static void
each_name(struct control *c, struct slice names,
    void (*hook)(void *arg, const char *name))
{
	struct slice word;
	char name[CHANNEL_MAX + 1];

	while ((word = take_word(&names)).len > 0) {
		if (channel_name(word, name) == -1)
			refuse(c, "not a channel name:", word);
		else
			hook(c->arg, name);
	}
}

static void
begin_set(struct control *c, struct slice line)
{
	struct slice id = take_word(&line);

	if (sets_begin(&c->sets, id, clock_mono()) == NULL)
		refuse(c, "not the id of a set:", id);
}

static void
add_to_set(struct control *c, struct slice line)
{
	struct slice id = take_word(&line), word;
	struct set *set = sets_find(&c->sets, id, clock_mono());
	char name[CHANNEL_MAX + 1];

	if (set == NULL) {
		refuse(c, "no set was begun as", id);
		return;
	}
	while ((word = take_word(&line)).len > 0) {
		if (channel_name(word, name) == -1) {
			refuse(c, "not a channel name:", word);
		} else if (!sets_add(set, name)) {
			refuse(c, "too many channels in the set", id);
			sets_end(set);
			return;
		}
	}
}

static void
commit_set(struct control *c, struct slice line)
{
	struct slice id = take_word(&line);
	struct set *set = sets_find(&c->sets, id, clock_mono());

	if (set == NULL) {
		refuse(c, "no set was begun as", id);
		return;
	}
	c->hooks->set(c->arg, set->names, set->n);
	sets_end(set);
}

static void
reconnect(struct control *c, struct slice line)
{
	struct slice word = take_word(&line);
	char text[16];
	int64_t conn = -1;

	if (word.len > 0) {
		snprintf(text, sizeof(text), "%.*s", (int)word.len, word.p);
		if (word.len >= sizeof(text) ||
		    quantity_number(text, 0, INT32_MAX, &conn) == -1) {
			refuse(c, "not a connection's number:", word);
			return;
		}
	}
	if (!c->hooks->reconnect(c->arg, conn))
		refuse(c, "no such connection:", word);
}

static void
run(struct control *c, struct slice line)
{
	struct slice verb = take_word(&line);

	if (verb.len == 0)
		return;
	c->commands++;
	if (slice_eq(verb, SLICE("join")))
		each_name(c, line, c->hooks->join);
	else if (slice_eq(verb, SLICE("part")))
		each_name(c, line, c->hooks->part);
	else if (slice_eq(verb, SLICE("set-begin")))
		begin_set(c, line);
	else if (slice_eq(verb, SLICE("set-add")))
		add_to_set(c, line);
	else if (slice_eq(verb, SLICE("set-commit")))
		commit_set(c, line);
	else if (slice_eq(verb, SLICE("reconnect")))
		reconnect(c, line);
	else
		refuse(c, "unknown command", verb);
}

/* A line has ended. */
static void
end_line(struct control *c)
{
	if (c->too_long)
		refuse(c, "a line longer than PIPE_BUF, beginning",
		    (struct slice){c->line, c->len});
	else
		run(c, (struct slice){c->line, c->len});
	c->len = 0;
	c->too_long = false;
}

/* Whoever began it has gone: what comes now is another's. */
static void
drop_half(struct control *c)
{
	refuse(c, "a line without an end:", (struct slice){c->line, c->len});
	c->len = 0;
	c->too_long = false;
}

void
control_feed(struct control *c, struct slice bytes)
{
	int64_t now = clock_mono();

	if (c->len > 0 && now - c->touched >= CONTROL_HALF)
		drop_half(c);
	c->touched = now;
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.p[i] == '\n')
			end_line(c);
		else if (c->len == sizeof(c->line) - 1)
			c->too_long = true;
		else
			c->line[c->len++] = bytes.p[i];
	}
}

static void
on_ready(void *arg, uint32_t events)
{
	struct control *c = arg;
	char block[16 * PIPE_BUF];
	ssize_t n;

	(void)events;
	n = read(c->fifo.fd, block, sizeof(block));
	if (n > 0)
		control_feed(c, (struct slice){block, (size_t)n});
}

int
control_open(struct control *c, struct loop *loop, const char *path,
    const struct control_hooks *hooks, void *arg)
{
	*c = (struct control){.hooks = hooks, .arg = arg, .loop = loop};
	if (fifo_open(&c->fifo, path) == -1)
		return -1;
	c->watch =
	    (struct watch){.fd = c->fifo.fd, .ready = on_ready, .arg = c};
	return loop_watch(loop, &c->watch, EPOLLIN);
}

void
control_close(struct control *c)
{
	loop_watch(c->loop, &c->watch, 0);
	fifo_close(&c->fifo);
	sets_close(&c->sets);
}
