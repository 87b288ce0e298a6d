#include "state.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

int
states_new(struct states *states, char text[STATE_LEN + 1])
{
	unsigned char random[STATE_LEN / 2];
	size_t oldest = 0;

	if (RAND_bytes(random, sizeof(random)) != 1)
		return -1;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(text + 2 * i, 3, "%02x", random[i]);

	for (size_t i = 1; i < STATE_TABLE; i++)
		if (states->table[i].until < states->table[oldest].until)
			oldest = i;
	memcpy(states->table[oldest].text, text, STATE_LEN + 1);
	states->table[oldest].until = clock_mono() + STATE_LIFE_MS;
	return 0;
}

bool
states_take(struct states *states, const char *text)
{
	int64_t now = clock_mono();
	bool found = false;

	if (text == NULL || strlen(text) != STATE_LEN)
		return false;
	for (size_t i = 0; i < STATE_TABLE; i++) {
		if (states->table[i].until <= now ||
		    CRYPTO_memcmp(states->table[i].text, text, STATE_LEN) != 0)
			continue;
		states->table[i].until = 0;
		found = true;
	}
	return found;
}
