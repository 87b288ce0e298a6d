#ifndef SIM_OPENING_H
#define SIM_OPENING_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "slice.h"

/* How a client's HTTP request is answered: by the upgrade, or not so well. */

struct client;

enum manner {
	OPENING_ACCEPT,
	OPENING_STATUS,  /* that of a refusal; 3xx name the secure place */
	OPENING_SILENT,  /* no answer */
	OPENING_HALF,    /* half a head, and no more */
	OPENING_GARBAGE, /* bytes that are no HTTP, and the end */
	OPENING_MUTE     /* the upgrade, and then not a word */
};

struct opening {
	enum manner manner;
	int status;
	int64_t until; /* on clock_mono(); then accept again; 0: always so */
};

/* What the options say. Ends the program when --upgrade is not understood. */
void opening_open(struct opening *o, const struct config *config);

/*
 * Set the manner by a word, a status or the end of a name above in lower
 * case. False when it is neither.
 */
bool opening_set(struct opening *o, struct slice word);

/* Bytes came from a client whose request was not whole yet. */
void opening_receive(struct client *c, struct slice bytes);

#endif
