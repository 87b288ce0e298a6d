#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include "draw.h"

/* What somebody says, and where the emotes in it are. */
enum {
	TEXT_POINTS = 460, /* code points without the number at the end */
	TEXT_SIZE = 4 * TEXT_POINTS + 32,
	TEXT_EMOTES = 8
};

struct emote {
	const char *name, *id;
};

struct text {
	char bytes[TEXT_SIZE]; /* NUL-terminated UTF-8 */
	char *end;
	unsigned points; /* Unicode code points so far */
	unsigned count;  /* of the emotes */
	struct {
		const struct emote *emote;
		unsigned start, end; /* code points, the last inclusive */
	} emotes[TEXT_EMOTES];
};

/* Begin with nothing. */
void text_begin(struct text *t);

/* Add a word as it is, with a space before it unless it is the first. */
void text_word(struct text *t, const char *word);

/* Add more letters to the last word. */
void text_glue(struct text *t, const char *letters);

/* Add some words and emotes; sometimes very many. */
void text_prose(struct text *t, struct draw *d);

/*
 * The `emotes' tag's value: each emote's id once, with its ranges. Writes it
 * and a NUL at p, at most TEXT_EMOTES_MAX bytes; returns its end.
 */
enum { TEXT_EMOTES_MAX = TEXT_EMOTES * 64 };
char *text_emotes(const struct text *t, char *p);

#endif
