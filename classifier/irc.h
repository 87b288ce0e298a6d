#ifndef CLASSIFIER_IRC_H
#define CLASSIFIER_IRC_H

#include "slice.h"

/*
 * The grammar of an IRC message (RFC 1459, section 2.3.1, with IRCv3's tags):
 *
 *	['@' tags SPACE] [':' source SPACE] command {SPACE param}
 *
 * where SPACE is one or more of U+0020 and nothing else. What is here begins
 * after the tags, which tags.h reads. All slices borrow the line,
 * which has CHUNK readable bytes after it.
 */
struct irc_message {
	struct slice source;  /* without the ':' */
	struct slice command; /* never empty */
	struct slice params;  /* from the first on, as they stand */
};

/*
 * Take what follows the tags, if there are any, to the line's end without CR
 * LF, apart. Returns NULL, or, in a few words, what is wrong.
 */
const char *irc_split(struct slice rest, struct irc_message *msg);

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
