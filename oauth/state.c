#include "state.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

void
states_open(struct states *states)
{
	memset(states->table, 0, sizeof(states->table));
	pthread_mutex_init(&states->lock, NULL);
}

void
states_close(struct states *states)
{
	pthread_mutex_destroy(&states->lock);
}

int
states_new(struct states *states, char text[STATE_LEN + 1])
{
	unsigned char random[STATE_LEN / 2];
	size_t oldest = 0;

	if (RAND_bytes(random, sizeof(random)) != 1)
		return -1;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(text + 2 * i, 3, "%02x", random[i]);

	pthread_mutex_lock(&states->lock);
	for (size_t i = 1; i < STATE_TABLE; i++)
		if (states->table[i].until < states->table[oldest].until)
			oldest = i;
	memcpy(states->table[oldest].text, text, STATE_LEN + 1);
	states->table[oldest].until = clock_mono() + STATE_LIFE_MS;
	pthread_mutex_unlock(&states->lock);
	return 0;
}

bool
states_take(struct states *states, const char *text)
{
	int64_t now = clock_mono();
	bool found = false;

	if (text == NULL || strlen(text) != STATE_LEN)
		return false;
	pthread_mutex_lock(&states->lock);
	for (size_t i = 0; i < STATE_TABLE; i++) {
		if (states->table[i].until <= now ||
		    CRYPTO_memcmp(states->table[i].text, text, STATE_LEN) != 0)
			continue;
		states->table[i].until = 0;
		found = true;
	}
	pthread_mutex_unlock(&states->lock);
	return found;
}
