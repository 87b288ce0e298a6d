#ifndef COLLECTOR_TOKEN_H
#define COLLECTOR_TOKEN_H

#include "login.h"
#include "loop.h"

/*
 * An account's token from a command: `sh -c COMMAND sh ACCOUNT`, so that the
 * command finds the account in $1, and with -r in $2 when the token that it
 * gave before was refused. It has TOKEN_MS to print the token. The token is
 * never logged.
 */
enum { TOKEN_MS = 60000, TOKEN_STOP_MS = 2000 };

enum token_result {
	TOKEN_OK,
	TOKEN_FAILED,  /* trying again may help */
	TOKEN_REFUSED, /* the command exits 3: a person must act */
	TOKEN_MISSING  /* there is no such command, or it is misused */
};

struct token_request {
	struct loop *loop;
	int pid; /* 0: none is under way */
	int fd;  /* its standard output */
	struct watch exited;
	struct alarm late;
	void (*done)(void *arg, enum token_result result, const char *token);
	void *arg;
};

/*
 * Ask. `done`, which is set, follows, never at once: token is the bare token
 * or NULL, and borrowed. Returns 0, or -1 with errno set when the command
 * cannot be started.
 */
int token_start(struct token_request *t, struct loop *loop, const char *command,
    const char *account, bool refused);

/*
 * Give up, and end the command. It has TOKEN_STOP_MS for that: it may wait for
 * Twitch's answer to a refresh token that is good for one use.
 */
void token_stop(struct token_request *t);

#endif
