#ifndef PUBLISHER_RECORD_HASH_H
#define PUBLISHER_RECORD_HASH_H

#include <stdint.h>

#include "slice.h"

/* FNV-1a, 64 bits: to tell apart what nobody could have made to be alike. */
static inline uint64_t
hash_of(struct slice bytes)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.p[i]) * 0x100000001b3;
	return hash;
}

#endif
