#include "text.h"

#include <stdbool.h>
#include <string.h>

#include "json.h"

#define COUNT(array) (sizeof(array) / sizeof(array[0]))

static const struct emote emotes[] = {{"Kappa", "25"}, {"LUL", "425618"},
    {"PogChamp", "305954156"}, {":)", "1"}, {"<3", "9"}, {"BibleThump", "86"},
    {"otterHype", "emotesv2_0c1d2e3f4a5b60718293a4b5c6d7"},
    {"heronWave", "emotesv2_94be07a1d3f2485c9e60b7a8c1d2"},
    {"kettleLove", "301512758_TK"}};

static const char *const words[] = {"a", "about", "again", "and", "anyone",
    "back", "because", "best", "blitz", "boss", "but", "can", "chat", "clip",
    "did", "does", "endgame", "every", "first", "from", "game", "gg", "good",
    "have", "he", "hello", "how", "i", "in", "insane", "is", "it", "just",
    "know", "last", "later", "like", "lol", "made", "me", "move", "never",
    "new", "nice", "no", "not", "of", "on", "one", "or", "play", "queen",
    "really", "right", "rook", "run", "said", "see", "she", "should", "so",
    "some", "still", "stream", "tea", "that", "the", "then", "they", "this",
    "time", "to", "today", "too", "wait", "was", "we", "welcome", "what",
    "when", "why", "with", "would", "wow", "yes", "you", "größe", "naïve",
    "привет", "ありがとう", "안녕", "señor", "🎉", "👩‍🚀", "🇫🇮",
    "¯\\_(ツ)_/¯", "e\u0301", "\"quoted\"", "a;b", "x=y", "100%", "c:\\tea"};

void
text_begin(struct text *t)
{
	t->end = t->bytes;
	*t->end = '\0';
	t->points = t->count = 0;
}

static unsigned
code_points(const char *s)
{
	unsigned n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void
text_glue(struct text *t, const char *letters)
{
	t->end = stpcpy(t->end, letters);
	t->points += code_points(letters);
}

void
text_word(struct text *t, const char *word)
{
	if (t->end > t->bytes) {
		*t->end++ = ' ';
		t->points++;
	}
	text_glue(t, word);
}

static void
add_emote(struct text *t, const struct emote *emote)
{
	text_word(t, emote->name);
	t->emotes[t->count].emote = emote;
	t->emotes[t->count].end = t->points - 1;
	t->emotes[t->count].start = t->points - code_points(emote->name);
	t->count++;
}

/* Most say a few words, some many, and a few paste what they found. */
static unsigned
how_many(struct draw *d)
{
	if (draw_chance(d, 15))
		return 40 + draw_below(d, 60);
	if (draw_chance(d, 200))
		return 8 + draw_below(d, 16);
	return 1 + draw_below(d, 7);
}

void
text_prose(struct text *t, struct draw *d)
{
	enum { LONGEST = 16 };

	for (unsigned left = how_many(d);
	    left > 0 && t->points < TEXT_POINTS - LONGEST; left--) {
		if (t->count < TEXT_EMOTES && draw_chance(d, 120))
			add_emote(t, &emotes[draw_below(d, COUNT(emotes))]);
		else
			text_word(t, words[draw_below(d, COUNT(words))]);
	}
}

char *
text_emotes(const struct text *t, char *p)
{
	bool begun = false;

	for (unsigned i = 0; i < COUNT(emotes); i++) {
		char before = ':';

		for (unsigned j = 0; j < t->count; j++) {
			if (t->emotes[j].emote != &emotes[i])
				continue;
			if (before == ':') {
				if (begun)
					*p++ = '/';
				p = stpcpy(p, emotes[i].id);
			}
			*p++ = before;
			p = json_int(p, t->emotes[j].start);
			*p++ = '-';
			p = json_int(p, t->emotes[j].end);
			before = ',';
			begun = true;
		}
	}
	*p = '\0';
	return p;
}
