#ifndef COLLECTOR_UPGRADE_H
#define COLLECTOR_UPGRADE_H

#include "slice.h"

/*
 * The client's half of the opening handshake: RFC 6455, section 4.1. Bytes
 * in, bytes out; the caller sends and receives.
 */
enum {
	UPGRADE_KEY_MAX = 25,          /* base64 of 16 bytes, and a NUL */
	UPGRADE_REQUEST_MAX = 4096,    /* what the caller gives it */
	UPGRADE_ANSWER_MAX = 16 * 1024 /* no server's head is longer */
};

/* A new random Sec-WebSocket-Key. */
void upgrade_key(char key[UPGRADE_KEY_MAX]);

/*
 * The request. authority is HOST or HOST:PORT as a Host header has it. It
 * names the server itself as its origin, since there are servers that refuse
 * who has none. Returns its length, or -1 when it is longer than
 * UPGRADE_REQUEST_MAX.
 */
int upgrade_request(const char *authority, bool tls, const char *path,
    const char *key, char out[UPGRADE_REQUEST_MAX]);

struct upgrade_answer {
	size_t length;         /* of the head; frames begin after it */
	int status;            /* 101 when the server agrees; 0: not HTTP */
	struct slice location; /* where a 3xx points, else empty */
	const char *wrong;     /* NULL, or why it is no WebSocket */
};

/*
 * Read the answer to the request with this key. False while it has not all
 * arrived. It is whole, with `wrong` set, as soon as it cannot become right:
 * garbage, or a head without end. Borrows bytes.
 */
bool upgrade_answer(struct slice bytes, const char *key,
    struct upgrade_answer *answer);

#endif
