#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include <stdint.h>

/* The listening socket and the loop that everything happens in. */

struct sim;

/*
 * Listen, write the URL, and be ready to serve. Ends the program when it
 * cannot.
 */
void server_open(struct sim *sim);

/*
 * Serve until `quit' or a signal asks to stop; then close every connection,
 * so that what was sent arrives.
 */
void server_run(struct sim *sim);

/* Refuse connections for so many ms: nobody listens on the port. */
void server_refuse(struct sim *sim, int64_t ms);

void server_close(struct sim *sim);

#endif
