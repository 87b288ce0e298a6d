#ifndef PUBLISHER_SQL_REPAIR_H
#define PUBLISHER_SQL_REPAIR_H

#include "slice.h"

/*
 * A JSON object in the form that every database takes: UTF-8 well-formed, no
 * \u0000, and no lone half of a surrogate pair (RFC 8259, section 8.2, allows
 * them). Each such becomes U+FFFD.
 */

/* The bytes that `buf` needs for a record of n bytes. */
#define REPAIR_MAX(n) (3 * (n))

/*
 * The record itself where nothing is wrong with it, as nearly always; else a
 * repaired one, in buf.
 */
struct slice repair(struct slice record, char *buf);

#endif
