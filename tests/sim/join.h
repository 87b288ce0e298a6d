#ifndef SIM_JOIN_H
#define SIM_JOIN_H

/* JOIN and PART: who is where, and who may be. */

struct client;
struct message;
struct room;

/*
 * JOIN #a,#b: each channel is charged to the client's limit, and one too many
 * ends the connection at once.
 */
void join_channels(struct client *c, const struct message *m);

/* PART #a,#b. */
void join_part(struct client *c, const struct message *m);

/* Record that a client is in all its rooms without hearing anything. */
void join_deafen(struct client *c);

/* Take a dying client out of all its rooms. */
void join_leave_all(struct client *c);

/*
 * Put everybody out of a room: with a PART, as after a ban; or, if the room is
 * not open any more, with the NOTICE that says why.
 */
void join_clear(struct room *room);

#endif
