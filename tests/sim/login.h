#ifndef SIM_LOGIN_H
#define SIM_LOGIN_H

/* PASS and NICK: who a client is. */

struct client;
struct message;

void login_pass(struct client *c, const struct message *m);

/* Welcome the client, or refuse it and close. */
void login_nick(struct client *c, const struct message *m);

#endif
