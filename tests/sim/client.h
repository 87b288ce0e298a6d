#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "account.h"
#include "buffer.h"
#include "message.h"
#include "sim.h"

/* One connection: its socket, what waits to be written, and who it is. */

enum client_phase {
	CLIENT_UPGRADE, /* has not sent its whole HTTP request */
	CLIENT_OPEN,    /* speaks WebSocket */
	CLIENT_MUTE,    /* is read, and never answered */
	CLIENT_CLOSING, /* gets what is queued, then the end */
	CLIENT_DEAD     /* is freed at the end of this turn of the loop */
};

enum { NICK_MAX = 64, PASS_MAX = 256 };

struct wslay_event_context;

struct client {
	struct sim *sim;
	unsigned number; /* `conn' in what is recorded */
	size_t place;    /* in sim->clients */
	int fd;
	uint32_t events; /* that epoll looks for */
	struct tls *tls; /* NULL: plain */
	enum client_phase phase;
	bool half_open; /* neither read nor written any more */
	bool deaf;      /* what is said in its rooms does not reach it */
	bool clogged;   /* counted in sim->clogged */
	bool ended;     /* we have shut our side */
	bool is_dirty;
	struct client *next_dirty;
	void (*task)(struct client *c); /* to do then, or NULL */
	int64_t task_at;                /* on clock_mono() */

	struct wslay_event_context *ws;
	struct buffer in;     /* the HTTP request so far */
	struct slice unread;  /* bytes that wslay is to take */
	struct buffer frame;  /* the lines of the next frame */
	unsigned frame_lines; /* chat lines in it */
	struct buffer out;    /* for the socket */

	char nick[NICK_MAX + 1], pass[PASS_MAX + 1];
	bool logged_in, tags, commands, membership;
	struct identity *identity, anonymous;
	int64_t ping_at, pong_by;
	struct room **rooms;
	size_t count, cap;
};

/* A connection that was accepted; it is in sim->clients until it dies. */
void client_new(struct sim *sim, int fd);

/* epoll_wait(2) reported these events. */
void client_event(struct client *c, uint32_t events);

/*
 * Lines for the client, without CR LF. A reply waits for client_end_frame,
 * so that several make one frame. A chat line ends the frame when
 * --lines-per-frame are in it; it is recorded, and left out for who has not
 * asked for the capability it needs. False when the client is going.
 */
void client_reply(struct client *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool client_chat(struct client *c, const struct room *room,
    const struct chat_line *line);
void client_end_frame(struct client *c);

/*
 * Close when all that is queued has been written; or now, without a word.
 * Either way c stays until clients_flush.
 */
void client_close(struct client *c);
void client_drop(struct client *c);

/* Never read or write it again, and leave its socket open. */
void client_half_open(struct client *c);

/* Do something at a time on clock_mono(), instead of what was to be done. */
void client_schedule(struct client *c, void (*task)(struct client *c),
    int64_t at);

/* Look at the clock: what is to be done, PINGs that are due. */
void client_tick(struct client *c, int64_t now);

/* End frames, write, free the dead: once each turn of the loop. */
void clients_flush(struct sim *sim);

#endif
