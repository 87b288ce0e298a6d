#ifndef TESTS_UNIT_PADDED_H
#define TESTS_UNIT_PADDED_H

#include <stdio.h>
#include <string.h>

#include "line.h"

enum { ROOM = 4096 };

/* Text as it is in a line: bytes around it, and a semicolon first after it. */
static inline struct slice
padded(char buf[ROOM], const char *text)
{
	memset(buf, '9', ROOM);
	snprintf(buf + 4, ROOM - LINE_SLACK, "%s;", text);
	return (struct slice){buf + 4, strlen(text)};
}

#endif
