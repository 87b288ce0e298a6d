#ifndef OAUTH_CLIENT_H
#define OAUTH_CLIENT_H

#include "status.h"

/*
 * The application as Twitch knows it: its client id, and its secret unless
 * it is a public client. From $TWITCH_CLIENT_ID and $TWITCH_CLIENT_SECRET
 * (or $CLIENT_ID and $CLIENT_SECRET), else from client.json in the state
 * directory.
 */
struct client {
	char *id;     /* NULL: nobody has said */
	char *secret; /* NULL: a public client */
};

/*
 * Who tokens are asked for: the client with this id if it is not NULL, since
 * a token is refreshed by the client it was given to, else the one that is
 * configured. Returns STATUS_OK, and the caller owes a client_free; or
 * another status, having logged why.
 */
enum status client_load(struct client *client, const char *id);

/* Write client.json. An empty secret means a public client. */
enum status client_save(const char *id, const char *secret);

/* Wipe and free what is inside. */
void client_free(struct client *client);

#endif
