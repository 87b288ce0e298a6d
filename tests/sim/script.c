#include "script.h"

#include <stdlib.h>

#include "client.h"
#include "irc.h"
#include "join.h"
#include "log.h"
#include "quantity.h"

/* Take the next word off the front of rest; empty if there is none. */
static struct slice
word(struct slice *rest)
{
	struct slice w;

	while (rest->len > 0 && *rest->p == ' ') {
		rest->p++;
		rest->len--;
	}
	w = (struct slice){rest->p, 0};
	while (rest->len > 0 && *rest->p != ' ') {
		rest->p++;
		rest->len--;
		w.len++;
	}
	if (rest->len > 0) {
		rest->p++;
		rest->len--;
	}
	return w;
}

/* Do it to one connection, or to all. */
static const char *
to_clients(struct sim *sim, struct slice who, void (*act)(struct client *c))
{
	bool all = slice_eq(who, SLICE("all")), found = all;
	int64_t number = -1;
	char text[24] = "";

	if (!all && who.len < sizeof(text)) {
		memcpy(text, who.p, who.len);
		if (quantity_number(text, 0, UINT32_MAX, &number) == -1)
			return "not a connection's number";
	}
	for (size_t i = 0; i < sim->count; i++) {
		struct client *c = sim->clients[i];

		if (c->phase == CLIENT_DEAD || c->half_open ||
		    (!all && c->number != number))
			continue;
		act(c);
		found = true;
	}
	return found ? NULL : "no such connection";
}

static const char *
on_reconnect(struct sim *sim, struct slice rest)
{
	struct slice who = word(&rest);

	return to_clients(sim, who.len > 0 ? who : SLICE("all"), irc_reconnect);
}

static const char *
on_drop(struct sim *sim, struct slice rest)
{
	return to_clients(sim, word(&rest), client_drop);
}

static const char *
on_half_open(struct sim *sim, struct slice rest)
{
	return to_clients(sim, word(&rest), client_half_open);
}

static const char *
on_pause(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->traffic.paused = true;
	return NULL;
}

static const char *
on_resume(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->traffic.paused = false;
	return NULL;
}

static const char *
on_quit(struct sim *sim, struct slice rest)
{
	(void)rest;
	sim->quit = true;
	return NULL;
}

/* Each returns NULL, or what is wrong. */
static const struct command {
	struct slice name;
	const char *(*run)(struct sim *sim, struct slice rest);
} commands[] = {
    {{"drop", 4}, on_drop},
    {{"half-open", 9}, on_half_open},
    {{"pause", 5}, on_pause},
    {{"quit", 4}, on_quit},
    {{"reconnect", 9}, on_reconnect},
    {{"resume", 6}, on_resume},
};

void
script_obey(struct sim *sim, struct slice line)
{
	struct slice rest = line, name = word(&rest);
	const char *wrong = "no such command";

	if (name.len == 0)
		return;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (slice_eq(commands[i].name, name))
			wrong = commands[i].run(sim, rest);
	if (wrong != NULL)
		log_warn("%s: '%.*s'", wrong, (int)line.len, line.p);
}
