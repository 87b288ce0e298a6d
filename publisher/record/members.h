#ifndef PUBLISHER_RECORD_MEMBERS_H
#define PUBLISHER_RECORD_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "scan.h"

/*
 * The members of a record that a publisher wants, found in one pass over it.
 * Say once which, with members_want; then members_find for each record fills
 * list[] in.
 */
enum { MEMBERS_MAX = 32 };

struct member {
	struct slice name;
	struct scan_member value; /* meaningful only if found */
	bool found;
};

struct members {
	struct member list[MEMBERS_MAX];
	size_t count;
};

/*
 * Want the member of this name, which must outlive *m. Returns its index in
 * list, the same for the same name; or -1 when there are MEMBERS_MAX already.
 */
int members_want(struct members *m, struct slice name);

/*
 * Find them in a record. Returns 0 and list[] borrows the record; or -1 with
 * *why set when the record is not one JSON object. Of a key that comes twice
 * the first counts.
 */
int members_find(struct members *m, struct slice record, const char **why);

/*
 * A member's text, written at p: a string's with its escapes undone, a
 * number's, true's and false's as it stands. Returns the new end; p itself
 * when the member is absent, null, an empty string, an object or an array;
 * NULL when it may not fit before end.
 */
char *member_text(const struct member *member, char *p, const char *end);

/*
 * A member that is a whole number from 0 to 10^15, such as a time in
 * milliseconds; -1 when it is absent or something else.
 */
int64_t member_number(const struct member *member);

#endif
