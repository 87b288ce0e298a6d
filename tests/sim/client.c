#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "irc.h"
#include "log.h"
#include "opening.h"
#include "status.h"
#include "tls.h"
#include "traffic.h"
#include "ws.h"

enum {
	READ_SIZE = 64 * 1024,
	REPLY_MAX = 8192,
	LINGER = 2000, /* ms for the peer to close after we did */
	NORMAL_CLOSURE = 1000
};

void
client_new(struct sim *sim, int fd)
{
	struct client *c = calloc(1, sizeof(*c));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

	if (sim->count == sim->cap) {
		sim->cap = sim->cap > 0 ? 2 * sim->cap : 64;
		sim->clients =
		    realloc(sim->clients, sim->cap * sizeof(*sim->clients));
	}
	if (c == NULL || sim->clients == NULL)
		die(STATUS_FAILED, "out of memory");
	c->sim = sim;
	c->fd = fd;
	c->number = sim->next_number++;
	c->events = EPOLLIN;
	if (sim->tls != NULL)
		c->tls = tls_new(sim->tls, fd);
	if (epoll_ctl(sim->epoll, EPOLL_CTL_ADD, fd, &event) == -1)
		die(STATUS_FAILED, "cannot watch a socket: %s",
		    strerror(errno));
	c->place = sim->count;
	sim->clients[sim->count++] = c;
	sim->record.counts.connections++;
	sim->record.counts.open++;
}

static void
client_free(struct client *c)
{
	struct sim *sim = c->sim;

	irc_gone(c);
	sim->clients[c->place] = sim->clients[--sim->count];
	sim->clients[c->place]->place = c->place;
	sim->clogged -= c->clogged;
	sim->record.counts.open--;
	ws_free(c);
	if (c->tls != NULL)
		tls_free(c->tls);
	close(c->fd);
	buffer_free(&c->in);
	buffer_free(&c->frame);
	buffer_free(&c->out);
	free(c);
}

/* It has something to write, or is dead: clients_flush sees to it. */
static void
touch(struct client *c)
{
	if (c->is_dirty)
		return;
	c->is_dirty = true;
	c->next_dirty = c->sim->dirty;
	c->sim->dirty = c;
}

void
client_drop(struct client *c)
{
	client_end_frame(c);
	irc_deafen(c);
	c->phase = CLIENT_DEAD;
	touch(c);
}

void
client_close(struct client *c)
{
	if (c->phase == CLIENT_OPEN) {
		client_end_frame(c);
		ws_close(c, NORMAL_CLOSURE);
		irc_deafen(c);
	}
	if (c->phase != CLIENT_DEAD)
		c->phase = CLIENT_CLOSING;
	client_schedule(c, client_drop, clock_mono() + LINGER);
	if (c->half_open)
		client_drop(c);
	touch(c);
}

void
client_half_open(struct client *c)
{
	c->half_open = true;
	irc_deafen(c);
	c->task = NULL;
	c->sim->clogged -= c->clogged;
	c->clogged = false;
	buffer_free(&c->out);
	buffer_free(&c->frame);
	epoll_ctl(c->sim->epoll, EPOLL_CTL_DEL, c->fd, NULL);
}

void
client_end_frame(struct client *c)
{
	size_t n = buffer_len(&c->frame);

	if (n == 0)
		return;
	if (c->phase == CLIENT_OPEN && !c->half_open)
		ws_text(c, (struct slice){buffer_head(&c->frame), n});
	buffer_consume(&c->frame, n);
	c->frame_lines = 0;
	touch(c);
}

static void
append_line(struct client *c, struct slice line)
{
	char *p = buffer_room(&c->frame, line.len + 2);

	memcpy(p, line.p, line.len);
	memcpy(p + line.len, "\r\n", 2);
	buffer_added(&c->frame, line.len + 2);
}

void
client_reply(struct client *c, const char *fmt, ...)
{
	char text[REPLY_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	append_line(c, (struct slice){text, (size_t)n});
	touch(c);
}

bool
client_chat(struct client *c, const struct room *room,
    const struct chat_line *line)
{
	struct slice text = line->text;

	if (c->phase != CLIENT_OPEN)
		return false;
	if (line->needs_commands && !c->commands)
		return true;
	if (!c->tags) {
		text.p += line->untagged;
		text.len -= line->untagged;
	}
	append_line(c, text);
	record_sent(&c->sim->record, c->number,
	    &(struct record_line){.now = line->now,
		.channel = room->name_slice,
		.id = line->id,
		.text = text});
	if (++c->frame_lines >= c->sim->config->lines_per_frame)
		client_end_frame(c);
	touch(c);
	return true;
}

static ssize_t
socket_read(struct client *c, void *bytes, size_t n)
{
	return c->tls != NULL ? tls_read(c->tls, bytes, n) :
				recv(c->fd, bytes, n, 0);
}

static ssize_t
socket_write(struct client *c, const void *bytes, size_t n)
{
	return c->tls != NULL ? tls_write(c->tls, bytes, n) :
				send(c->fd, bytes, n, MSG_NOSIGNAL);
}

static void
client_read(struct client *c)
{
	static char bytes[READ_SIZE];
	ssize_t n = socket_read(c, bytes, sizeof(bytes));

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_drop(c);
		return;
	}
	if (c->phase == CLIENT_UPGRADE)
		opening_receive(c, (struct slice){bytes, (size_t)n});
	else if (c->phase == CLIENT_OPEN &&
	    !ws_receive(c, (struct slice){bytes, (size_t)n}))
		client_close(c);
	touch(c);
}

void
client_event(struct client *c, uint32_t events)
{
	if (c->phase == CLIENT_DEAD || c->half_open)
		return;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		client_read(c);
	if (events & EPOLLOUT)
		touch(c);
}

/* Write what the socket takes; when all has gone and it closes, say so. */
static void
client_write(struct client *c)
{
	while (buffer_len(&c->out) > 0) {
		ssize_t n =
		    socket_write(c, buffer_head(&c->out), buffer_len(&c->out));

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return;
		if (n <= 0) {
			client_drop(c);
			return;
		}
		c->sim->record.counts.bytes += n;
		buffer_consume(&c->out, (size_t)n);
	}
	if (c->phase == CLIENT_CLOSING && !c->ended) {
		if (c->tls != NULL)
			tls_end(c->tls);
		shutdown(c->fd, SHUT_WR);
		c->ended = true;
	}
}

/* Compare what waits with --slow-limit. */
static void
judge_speed(struct client *c)
{
	const struct config *config = c->sim->config;
	bool clogged = (int64_t)buffer_len(&c->out) > config->slow_limit;

	if (c->phase == CLIENT_DEAD)
		return;
	if (clogged && !config->patient) {
		c->sim->record.counts.slow++;
		log_info("connection %u reads too slowly: dropped", c->number);
		client_drop(c);
		return;
	}
	c->sim->clogged += clogged;
	c->sim->clogged -= c->clogged;
	c->clogged = clogged;
}

/* Have epoll look for what can be done. */
static void
watch(struct client *c)
{
	struct epoll_event event = {.data.ptr = c};

	event.events = (c->clogged ? 0 : EPOLLIN) |
	    (buffer_len(&c->out) > 0 ? EPOLLOUT : 0);
	if (event.events == c->events)
		return;
	c->events = event.events;
	epoll_ctl(c->sim->epoll, EPOLL_CTL_MOD, c->fd, &event);
}

void
clients_flush(struct sim *sim)
{
	struct client *c;

	while ((c = sim->dirty) != NULL) {
		sim->dirty = c->next_dirty;
		client_end_frame(c);
		if (!c->half_open)
			client_write(c);
		if (c->phase != CLIENT_DEAD && !c->half_open) {
			judge_speed(c);
			watch(c);
		}
		if (c->phase == CLIENT_DEAD)
			client_free(c);
		else
			c->is_dirty = false;
	}
}

void
client_schedule(struct client *c, void (*task)(struct client *c), int64_t at)
{
	c->task = task;
	c->task_at = at;
}

void
client_tick(struct client *c, int64_t now)
{
	if (c->task != NULL && now >= c->task_at) {
		void (*task)(struct client *c) = c->task;

		c->task = NULL;
		task(c);
	}
	if (c->phase == CLIENT_OPEN && !c->half_open)
		irc_tick(c, now);
}
