/*
 * The functions of struct simd in terms of blocks: included by each of the
 * simd_*.c, which gives it SIMD_NAME, SIMD_SET, struct block and
 *
 *	block_load(s)		SIMD_BLOCK bytes
 *	block_store(p, b)
 *	block_escapes(b)	masks, the first byte's bit the lowest: the
 *	block_high(b)		bytes that JSON escapes, that are not ASCII,
 *	block_is(b, c)		that are c
 */
#include "simd.h"

static size_t
copy_unescaped(char *p, const char *s, size_t n)
{
	size_t i = 0;

	for (; n - i >= SIMD_BLOCK; i += SIMD_BLOCK) {
		struct block b = block_load(s + i);
		uint64_t mask = block_escapes(b);

		block_store(p + i, b);
		if (mask != 0)
			return i + (size_t)__builtin_ctzll(mask);
	}
	return i;
}

static size_t
ascii(const char *s, size_t n)
{
	size_t i = 0;

	for (; n - i >= SIMD_BLOCK; i += SIMD_BLOCK)
		if (block_high(block_load(s + i)) != 0)
			break;
	return i;
}

static size_t
find(uint32_t *at, const char *s, size_t n, char c, char end)
{
	const uint32_t *begin = at;

	for (size_t i = 0; i < n; i += SIMD_BLOCK) {
		struct block block = block_load(s + i);
		uint64_t ends = block_is(block, end);
		uint64_t mask = block_is(block, c) | ends;
		uint64_t keep = ~UINT64_C(0);

		if (n - i < SIMD_BLOCK)
			keep = (UINT64_C(1) << (n - i)) - 1;
		ends &= keep;
		if (ends != 0) /* up to the first */
			keep = ends ^ (ends - 1);
		mask &= keep;
		for (; mask != 0; mask &= mask - 1)
			*at++ = (uint32_t)i + (uint32_t)__builtin_ctzll(mask);
		if (ends != 0)
			break;
	}
	return (size_t)(at - begin);
}

const struct simd SIMD_SET = {SIMD_NAME, copy_unescaped, ascii, find};
