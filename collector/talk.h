#ifndef COLLECTOR_TALK_H
#define COLLECTOR_TALK_H

#include "conn.h"

/*
 * What is said on a connection: the upgrade, the login, the lines, PING and
 * PONG. conn.c carries it.
 */

/* The stream stands: ask for the upgrade. */
void talk_begin(struct conn *conn);

/* What the server says, as it arrives. */
void talk_bytes(struct conn *conn, struct slice bytes);

#endif
