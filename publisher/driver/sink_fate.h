#ifndef PUBLISHER_DRIVER_SINK_FATE_H
#define PUBLISHER_DRIVER_SINK_FATE_H

#include "sink.h"

/*
 * What becomes of the driver's records: counted, named, kept where the user
 * asked, and made good in the spool. For sink.c; what destinations say of
 * them is in sink.h.
 */

/* A record is rejected; or s->line is, a part of a line that is too long. */
void fate_rejected(struct sink *s, uint64_t number, struct slice record,
    const char *why);
void fate_rejected_part(struct sink *s);

/* One is given up: it is lost if it is not in a spool. */
void fate_abandoned(struct sink *s, struct slice record);

/*
 * Make good what was settled. What was rejected comes first: the spool lets go
 * of it.
 */
void fate_advance(struct sink *s);

/* Do that with the file of rejected records. */
void fate_keep(struct sink *s, int (*keep)(struct reject *));

/*
 * What the program is to exit with, and why. It is said, but what follows from
 * it is not: only the first counts.
 */
void fate_failed(struct sink *s, enum status status, const char *why);

#endif
