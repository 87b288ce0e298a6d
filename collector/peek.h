#ifndef COLLECTOR_PEEK_H
#define COLLECTOR_PEEK_H

#include "slice.h"

/*
 * What the reader itself must know of an IRC line to stay connected and
 * joined: the commands below, their first parameters, a tag or two. It is no
 * parser: irc-classify has that. RFC 1459, section 2.3.1, and IRCv3 tags.
 */
enum peek_command {
	PEEK_OTHER,
	PEEK_CAP,
	PEEK_ENDOFNAMES, /* 366 */
	PEEK_JOIN,
	PEEK_NOTICE,
	PEEK_PART,
	PEEK_PING,
	PEEK_PONG,
	PEEK_RECONNECT,
	PEEK_ROOMSTATE,
	PEEK_WELCOME /* 001 */
};

enum { PEEK_PARAMS = 3 };

struct peek {
	enum peek_command command;
	struct slice tags;               /* without the @; may be empty */
	struct slice nick;               /* of the prefix; may be empty */
	struct slice param[PEEK_PARAMS]; /* empty where the line has none */
};

/* Look at a line. The slices borrow it. */
struct peek peek_line(struct slice line);

/* A tag's value as it stands, escapes and all; empty when it is not there. */
struct slice peek_tag(const struct peek *peek, struct slice name);

/* The name in a channel parameter, without its #; empty when it is none. */
struct slice peek_channel(struct slice param);

#endif
