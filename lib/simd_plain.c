#include "simd_sets.h"

#include <string.h>

#define SIMD_NAME "plain"
#define SIMD_SET simd_plain

struct block {
	unsigned char v[SIMD_BLOCK];
};

static inline struct block
block_load(const char *s)
{
	struct block b;

	memcpy(b.v, s, sizeof(b.v));
	return b;
}

static inline void
block_store(char *p, struct block b)
{
	memcpy(p, b.v, sizeof(b.v));
}

static inline uint64_t
block_is(struct block b, char c)
{
	uint64_t mask = 0;

	for (int i = 0; i < SIMD_BLOCK; i++)
		mask |= (uint64_t)(b.v[i] == (unsigned char)c) << i;
	return mask;
}

static inline uint64_t
block_escapes(struct block b)
{
	uint64_t mask = 0;

	for (int i = 0; i < SIMD_BLOCK; i++)
		mask |=
		    (uint64_t)(b.v[i] < 0x20 || b.v[i] == '"' || b.v[i] == '\\')
		    << i;
	return mask;
}

static inline uint64_t
block_high(struct block b)
{
	uint64_t mask = 0;

	for (int i = 0; i < SIMD_BLOCK; i++)
		mask |= (uint64_t)(b.v[i] >= 0x80) << i;
	return mask;
}

static inline uint64_t
block_not_digits(struct block b)
{
	uint64_t mask = 0;

	for (int i = 0; i < SIMD_BLOCK; i++)
		mask |= (uint64_t)(b.v[i] < '0' || b.v[i] > '9') << i;
	return mask;
}

#include "simd_path.h"
