#ifndef CLASSIFIER_IRC_H
#define CLASSIFIER_IRC_H

#include "slice.h"

/*
 * The grammar of an IRC message (RFC 1459, section 2.3.1, with IRCv3's tags):
 *
 *	['@' tags SPACE] [':' source SPACE] command {SPACE param}
 *
 * where SPACE is one or more of U+0020 and nothing else. All slices borrow
 * the line.
 */
struct irc_message {
	struct slice tags;    /* without the '@'; escapes as they stand */
	struct slice source;  /* without the ':' */
	struct slice command; /* never empty */
	struct slice params;  /* from the first on, as they stand */
};

/*
 * Take a line, without its CR LF, apart. Returns 0; or -1 when it has no
 * command.
 */
int irc_split(struct slice line, struct irc_message *msg);

/*
 * The next parameter off the front of *params: up to the next space, or, when
 * it begins with ':', all the rest without that colon. False when there is
 * none.
 */
bool irc_param(struct slice *params, struct slice *param);

/*
 * The text that ends a line, from *params: what follows the ':', or, for the
 * loggers that leave the colon out, all that is left but for spaces at its
 * end. False when there is none, which is not the same as an empty text.
 */
bool irc_text(struct slice *params, struct slice *text);

/* A source, nick[!user][@host], taken apart; what is not there is empty. */
struct irc_source {
	struct slice nick, user, host;
};

struct irc_source irc_source(struct slice source);

#endif
