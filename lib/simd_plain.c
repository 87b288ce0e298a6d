#include <endian.h>
#include <string.h>

#include "simd_sets.h"

#define SIMD_NAME "plain"
#define SIMD_SET simd_plain

/* Eight bytes a word, the first of them the lowest. */
enum { WORDS = SIMD_BLOCK / 8 };

struct block {
	uint64_t v[WORDS];
};

static inline struct block
block_load(const char *s)
{
	struct block b;

	memcpy(b.v, s, sizeof(b.v));
	for (int i = 0; i < WORDS; i++)
		b.v[i] = le64toh(b.v[i]);
	return b;
}

static inline void
block_store(char *p, struct block b)
{
	for (int i = 0; i < WORDS; i++)
		b.v[i] = htole64(b.v[i]);
	memcpy(p, b.v, sizeof(b.v));
}

/* The same byte, eight times. */
static inline uint64_t
eight(unsigned char c)
{
	return c * UINT64_C(0x0101010101010101);
}

/* The highest bits of the bytes, next to each other. */
static inline uint64_t
block_high(struct block b)
{
	uint64_t mask = 0;

	for (int i = 0; i < WORDS; i++) {
		uint64_t bits = b.v[i] >> 7 & eight(1);

		mask |= bits * 0x0102040810204080 >> 56 << 8 * i;
	}
	return mask;
}

/* A sum of seven bits reaches the eighth, and no other byte. */
static inline uint64_t
block_least(struct block b, unsigned char c)
{
	for (int i = 0; i < WORDS; i++) {
		uint64_t low = b.v[i] & eight(0x7f);

		if (c <= 0x80)
			b.v[i] |= low + eight((unsigned char)(0x80 - c));
		else
			b.v[i] &= low + eight((unsigned char)(0x100 - c));
	}
	return block_high(b);
}

static inline uint64_t
block_is(struct block b, char c)
{
	for (int i = 0; i < WORDS; i++) {
		uint64_t differ = b.v[i] ^ eight((unsigned char)c);

		b.v[i] = ~(((differ & eight(0x7f)) + eight(0x7f)) | differ);
	}
	return block_high(b);
}

static inline uint64_t
block_escapes(struct block b)
{
	return ~block_least(b, 0x20) | block_is(b, '"') | block_is(b, '\\');
}

static inline bool
block_is_plain(struct block b)
{
	return (block_high(b) | block_escapes(b)) == 0;
}

#include "simd_path.h"
