#ifndef SIM_UPGRADE_H
#define SIM_UPGRADE_H

#include "slice.h"

/*
 * The server's half of the WebSocket opening handshake, RFC 6455 section 4.2.
 */
enum {
	UPGRADE_REQUEST_MAX = 8192, /* bytes of the request */
	UPGRADE_ANSWER_MAX = 1024
};

/*
 * Answer a whole request, its empty line included. Writes the answer to
 * `answer` and returns its status: 101 when WebSocket may begin, 400, 405 or
 * 426 when not.
 */
int upgrade_answer(struct slice request, char answer[UPGRADE_ANSWER_MAX]);

/*
 * Write an answer of this status that is not a WebSocket's; a location, or
 * NULL, says where else to go.
 */
void upgrade_refuse(int status, const char *location,
    char answer[UPGRADE_ANSWER_MAX]);

#endif
